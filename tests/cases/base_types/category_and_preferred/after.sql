CREATE TYPE bt;
CREATE FUNCTION bt_in(cstring) RETURNS bt LANGUAGE internal STRICT IMMUTABLE AS 'textin';
CREATE FUNCTION bt_out(bt) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
CREATE TYPE bt (INPUT = bt_in, OUTPUT = bt_out, LIKE = text, CATEGORY = 'X', PREFERRED = true);
CREATE TABLE t (a bt);
