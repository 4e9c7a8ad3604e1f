CREATE TYPE c AS (a int, b text); CREATE TABLE t (id int, v c); CREATE INDEX i ON t (((v).b));
