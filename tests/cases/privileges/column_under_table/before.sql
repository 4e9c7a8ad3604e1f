CREATE TABLE t(a int, b int);
GRANT SELECT ON t TO app_reader; GRANT SELECT (a) ON t TO app_reader; GRANT INSERT ON t TO app_reader;
