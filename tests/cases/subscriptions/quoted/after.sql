CREATE SUBSCRIPTION "Sub ""s" CONNECTION 'dbname=''a b''' PUBLICATION "P ""p" WITH (connect = false, slot_name = NONE); COMMENT ON SUBSCRIPTION "Sub ""s" IS 'q';
