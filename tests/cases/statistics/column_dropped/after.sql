CREATE TABLE a (n bigint, k int);
CREATE STATISTICS s ON n, k FROM a;
