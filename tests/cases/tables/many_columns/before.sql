CREATE TABLE a (c1 int, c2 int, c3 int);
