CREATE TABLE t (id int PRIMARY KEY, x int);
CREATE TABLE u (id int PRIMARY KEY, x int);
CREATE PUBLICATION p FOR TABLE t (id, x);
CREATE PUBLICATION r FOR TABLE t WHERE (x > 5) WITH (publish = 'insert');
