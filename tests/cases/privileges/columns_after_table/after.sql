CREATE TABLE t(a int, b int, c int);
GRANT SELECT (a), UPDATE (b) ON t TO app_reader;
GRANT INSERT (a), REFERENCES (b) ON t TO app_writer;
GRANT SELECT (c) ON t TO PUBLIC;
