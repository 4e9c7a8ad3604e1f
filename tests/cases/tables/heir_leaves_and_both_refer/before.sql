CREATE TABLE a (y int);
CREATE TABLE b () INHERITS (a);
CREATE TABLE q (id int);
CREATE TABLE c (n int);
