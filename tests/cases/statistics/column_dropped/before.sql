CREATE TABLE a (n int, m int, k int);
CREATE STATISTICS s ON n, m FROM a;
