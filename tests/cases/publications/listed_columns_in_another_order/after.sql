CREATE TABLE t (id int PRIMARY KEY, b int, a int, z int);
CREATE PUBLICATION p FOR TABLE t (id, b, z);
