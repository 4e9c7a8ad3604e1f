CREATE TABLE a (n int, m int);
GRANT SELECT (n) ON a TO app_reader;
GRANT SELECT ON a TO app_writer;
