CREATE TABLE dummy(a int);
