CREATE TABLE t (id int PRIMARY KEY, a int, z int);
CREATE PUBLICATION p FOR TABLE t (id, z);
