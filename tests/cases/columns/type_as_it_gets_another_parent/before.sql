CREATE TABLE p (k int, a int);
CREATE TABLE q (k int, b int);
CREATE TABLE c (z text) INHERITS (p, q);
