CREATE TABLE t (a int PRIMARY KEY); CREATE PUBLICATION p FOR ALL TABLES; CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE, copy_data = false);
