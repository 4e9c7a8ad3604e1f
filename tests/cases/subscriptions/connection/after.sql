CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere dbname=''other db'' user=u' PUBLICATION p WITH (connect = false, slot_name = NONE);
