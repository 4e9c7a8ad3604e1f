CREATE TYPE c AS (a int, b text); CREATE DOMAIN dc AS c CHECK ((VALUE).a > 0); CREATE DOMAIN da AS int[] CHECK (cardinality(VALUE) < 4);
CREATE TABLE t (x dc, y da);
