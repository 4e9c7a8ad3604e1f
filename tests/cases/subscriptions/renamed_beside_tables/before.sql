CREATE TABLE t (a int PRIMARY KEY); CREATE SUBSCRIPTION one CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);
