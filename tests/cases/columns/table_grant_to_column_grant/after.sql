CREATE TABLE a (n int, m int);
GRANT SELECT (m) ON a TO app_reader;
