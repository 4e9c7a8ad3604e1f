CREATE TABLE a (n int, m int);
CREATE INDEX i ON a (n);
CREATE UNIQUE INDEX j ON a (n, m);
