CREATE TYPE c AS (a int, n int);
CREATE TYPE d AS (n int, a int);
CREATE TABLE t OF c;
CREATE TABLE u (n int, a int);
CREATE TABLE w (n int);
CREATE VIEW v AS SELECT n FROM t;
