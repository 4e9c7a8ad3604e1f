CREATE TABLE t (id int PRIMARY KEY, x int);
CREATE TABLE u (id int PRIMARY KEY, x int);
CREATE PUBLICATION p FOR TABLE t WHERE (id > 5), u (id) WHERE (id > 0);
