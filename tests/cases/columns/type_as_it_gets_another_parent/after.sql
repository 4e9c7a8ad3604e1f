CREATE TABLE p (k bigint, a int);
CREATE TABLE q (k int, b int);
CREATE TABLE c (b int, z text) INHERITS (p);
