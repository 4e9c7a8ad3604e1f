CREATE TYPE e AS ENUM ('b', 'x'); CREATE DOMAIN d AS bigint; CREATE TYPE c AS (e e, d d, n int); CREATE TABLE t (c c);
