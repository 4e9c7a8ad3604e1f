CREATE TYPE bt;
CREATE FUNCTION bt_in(cstring, oid, int) RETURNS bt LANGUAGE internal STRICT IMMUTABLE AS 'varcharin';
CREATE FUNCTION bt_out(bt) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'varcharout';
CREATE FUNCTION bt_mod_in(cstring[]) RETURNS int LANGUAGE internal STRICT IMMUTABLE AS 'varchartypmodin';
CREATE FUNCTION bt_mod_out(int) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'varchartypmodout';
CREATE TYPE bt (INPUT = bt_in, OUTPUT = bt_out, TYPMOD_IN = bt_mod_in, TYPMOD_OUT = bt_mod_out, LIKE = varchar, COLLATABLE = true);
CREATE TABLE t (a bt(5), b bt COLLATE "C");
