CREATE TYPE c AS (a int, b text);
CREATE TYPE d AS (a int, b text);
CREATE TABLE t (x int, d d);
