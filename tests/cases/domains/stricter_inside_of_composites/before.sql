CREATE DOMAIN d AS int;
CREATE TYPE c AS (x d);
CREATE TABLE t (a c, b c[]);
