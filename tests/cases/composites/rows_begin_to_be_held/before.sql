CREATE TABLE a (id int, n int);
CREATE TABLE h (id int PRIMARY KEY, held text);
CREATE TABLE r (id int, n int);
CREATE TABLE below () INHERITS (r);
CREATE TABLE t (id int PRIMARY KEY, gone a);
