CREATE SCHEMA s; CREATE TABLE t (a int, k int); ALTER TABLE t OWNER TO alice; GRANT SELECT ON t TO app_reader;
