CREATE TABLE t (a int, b int); CREATE TABLE l (a int);
