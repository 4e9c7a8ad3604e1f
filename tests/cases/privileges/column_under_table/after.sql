CREATE TABLE t(a int, b int);
GRANT SELECT (a) ON t TO app_reader;
GRANT SELECT (b) ON t TO app_writer WITH GRANT OPTION;
