CREATE TABLE a (n int);
CREATE TABLE b (n int);
CREATE INDEX i ON b (n);
