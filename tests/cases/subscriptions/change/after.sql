CREATE TABLE a (n int);
CREATE SUBSCRIPTION zsub CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);
