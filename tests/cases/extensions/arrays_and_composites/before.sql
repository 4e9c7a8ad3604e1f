CREATE EXTENSION vector; CREATE TYPE c AS (v vector(3), n int); CREATE TABLE t (a vector(3)[], c c);
