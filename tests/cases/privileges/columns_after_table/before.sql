CREATE TABLE t(a int, b int, c int);
GRANT SELECT ON t TO app_reader; GRANT SELECT (a), UPDATE (a, b) ON t TO app_reader;
GRANT ALL ON t TO app_writer;
