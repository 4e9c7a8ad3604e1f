-- schema-tool: rename function a.plus(integer, integer) to b.plus
-- schema-tool: rename function a.ev() to b.ev
-- schema-tool: rename type a.code to b.code
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE b.code;
CREATE FUNCTION a.read(cstring) RETURNS b.code LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION a.print(b.code) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE b.code (INPUT = a.read, OUTPUT = a.print, LIKE = text);
CREATE TABLE codes (own b.code, several b.code[]);
CREATE FUNCTION b.plus(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 + $2;
CREATE FUNCTION b.ev() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE AGGREGATE a.total(integer) (SFUNC = b.plus, STYPE = integer);
CREATE OPERATOR a.@+@ (LEFTARG = integer, RIGHTARG = integer, FUNCTION = b.plus);
CREATE EVENT TRIGGER et ON ddl_command_start WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION b.ev();
CREATE VIEW v AS SELECT a.total(1) AS t, 1 OPERATOR(a.@+@) 2 AS o;
