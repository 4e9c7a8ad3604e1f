CREATE TABLE b (n int, m int);
CREATE PUBLICATION p FOR TABLE b (n, m);
