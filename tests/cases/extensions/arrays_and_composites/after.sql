CREATE EXTENSION vector; CREATE TYPE c AS (n int); CREATE TABLE t (a vector(3)[], c c, b vector(2)[] DEFAULT '{}');
