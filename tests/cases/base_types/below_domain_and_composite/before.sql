CREATE TYPE bt;
CREATE FUNCTION bt_in(cstring) RETURNS bt LANGUAGE internal STRICT IMMUTABLE AS 'int4in';
CREATE FUNCTION bt_out(bt) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'int4out';
CREATE TYPE bt (INPUT = bt_in, OUTPUT = bt_out, LIKE = int4);
CREATE DOMAIN d AS bt NOT NULL; CREATE TYPE k AS (a bt, b d); CREATE TABLE t (n int, x d, y k);
