CREATE TABLE a (n int, m int);
GRANT SELECT ON a TO app_reader;
