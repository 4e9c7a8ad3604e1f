CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS int; CREATE TYPE c AS (a int); CREATE TYPE r AS RANGE (subtype = float8); CREATE TABLE t (a e, b d, c c, d r);
