CREATE TABLE t (a bigint PRIMARY KEY, b text); CREATE SUBSCRIPTION two CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);
