CREATE TABLE a (x int, k text);
CREATE TABLE b (x int, k text, z int);
CREATE TABLE e (z int) INHERITS (a);
