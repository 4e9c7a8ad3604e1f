CREATE TYPE c AS (a int, b text); CREATE TABLE t OF c (PRIMARY KEY (a)); CREATE INDEX i ON t (b);
