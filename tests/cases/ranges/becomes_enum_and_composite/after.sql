CREATE TYPE a AS ENUM ('x'); CREATE TYPE b AS (f int, g date); CREATE TABLE t (id int, a a, b b);
