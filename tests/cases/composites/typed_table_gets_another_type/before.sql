CREATE TYPE one AS (a int, b text);
CREATE TYPE two AS (a bigint, c date);
CREATE TYPE goes AS (x int, y text);
CREATE TABLE t OF one (PRIMARY KEY (a));
CREATE VIEW v AS SELECT a, b FROM t;
CREATE TABLE u OF goes (CHECK (x > 0));
CREATE TABLE w OF one;
