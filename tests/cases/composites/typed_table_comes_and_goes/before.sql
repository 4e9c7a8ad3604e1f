CREATE TYPE c AS (a int, b text); CREATE TABLE t (a int, b text); CREATE TABLE u OF c;
