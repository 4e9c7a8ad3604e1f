CREATE TABLE t (id int, a int, b int, c int) PARTITION BY LIST (id);
CREATE TABLE s (id int);
CREATE TYPE q AS (a int);
CREATE TABLE u (id int CONSTRAINT r PRIMARY KEY, x q);
