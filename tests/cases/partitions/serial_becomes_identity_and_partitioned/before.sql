CREATE TABLE p (id serial PRIMARY KEY, d date NOT NULL, n smallserial);
GRANT USAGE ON SEQUENCE p_id_seq TO app_reader;
COMMENT ON SEQUENCE p_id_seq IS 'numbers';
CREATE TABLE stays (id int GENERATED ALWAYS AS IDENTITY (START WITH 7) PRIMARY KEY, d date);
COMMENT ON SEQUENCE stays_id_seq IS 'its own';
