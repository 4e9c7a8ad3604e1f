CREATE TABLE a (n int, p int);
