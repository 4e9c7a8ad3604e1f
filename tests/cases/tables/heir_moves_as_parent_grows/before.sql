CREATE TABLE t1 (d int); CREATE TABLE t0 (c timestamp) INHERITS (t1);
