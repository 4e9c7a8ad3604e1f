CREATE TYPE bt;
CREATE FUNCTION bt_in(cstring) RETURNS bt LANGUAGE internal STRICT IMMUTABLE AS 'int4in';
CREATE FUNCTION bt_out(bt) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'int4out';
CREATE TYPE bt (INPUT = bt_in, OUTPUT = bt_out, LIKE = int4);
CREATE TABLE t (n int, a bt, b bt[]);
