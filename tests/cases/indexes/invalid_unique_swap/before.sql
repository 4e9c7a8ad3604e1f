CREATE TABLE a (n int, m int);
CREATE UNIQUE INDEX i ON a (n);
