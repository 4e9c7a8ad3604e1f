CREATE SCHEMA "S s";
CREATE TYPE "S s".bt;
CREATE FUNCTION "S s".bt_in(cstring) RETURNS "S s".bt LANGUAGE internal STRICT IMMUTABLE AS 'int4in';
CREATE FUNCTION "S s".bt_out("S s".bt) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'int4out';
CREATE TYPE "S s".bt (INPUT = "S s".bt_in, OUTPUT = "S s".bt_out, LIKE = int4);
CREATE TABLE t (a "S s".bt, b "S s".bt[]);
