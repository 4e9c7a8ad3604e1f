CREATE TABLE a (x int, k text);
CREATE TABLE b (z int) INHERITS (a);
CREATE TABLE e (x int, k text, z int);
