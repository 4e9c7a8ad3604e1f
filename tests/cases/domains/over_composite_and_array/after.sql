CREATE TYPE c AS (a bigint, b text); CREATE DOMAIN dc AS c CHECK ((VALUE).a > 1); CREATE DOMAIN da AS bigint[] CHECK (cardinality(VALUE) < 5);
CREATE TABLE t (x dc, y da);
