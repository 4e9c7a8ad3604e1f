CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION q, "R r" WITH (connect = false, slot_name = NONE);
