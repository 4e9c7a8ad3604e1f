CREATE TABLE a (n int, m int NOT NULL, k int CONSTRAINT kk NOT NULL);
