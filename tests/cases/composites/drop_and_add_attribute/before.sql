CREATE TYPE c AS (a int, b text, z int); CREATE TABLE t (v c); CREATE INDEX i ON t (((v).a));
