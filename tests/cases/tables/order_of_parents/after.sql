CREATE TABLE p (a int);
CREATE TABLE q (a int, b int);
CREATE TABLE c (x int) INHERITS (p, q);
CREATE TABLE d (x int) INHERITS (q, p);
