CREATE TYPE c AS (a bigint, b varchar(20)); CREATE TABLE t OF c (PRIMARY KEY (a)); CREATE INDEX i ON t (b);
