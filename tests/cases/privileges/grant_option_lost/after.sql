CREATE TABLE t(a int);
GRANT SELECT ON t TO app_reader;
GRANT SELECT ON t TO app_writer;
