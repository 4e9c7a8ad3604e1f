CREATE TABLE a (n int, t text, d date);
