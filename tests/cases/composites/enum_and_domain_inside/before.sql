CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS int; CREATE TYPE c AS (e e, d d, n int); CREATE TABLE t (c c);
