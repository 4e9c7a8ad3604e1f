-- schema-tool: rename function b.plus(integer, integer) to a.plus
-- schema-tool: rename function b.ev() to a.ev
-- schema-tool: rename type b.code to a.code
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE a.code;
CREATE FUNCTION a.read(cstring) RETURNS a.code LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION a.print(a.code) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE a.code (INPUT = a.read, OUTPUT = a.print, LIKE = text);
CREATE TABLE codes (own a.code, several a.code[]);
CREATE FUNCTION a.plus(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 + $2;
CREATE FUNCTION a.ev() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE AGGREGATE a.total(integer) (SFUNC = a.plus, STYPE = integer);
CREATE OPERATOR a.@+@ (LEFTARG = integer, RIGHTARG = integer, FUNCTION = a.plus);
CREATE EVENT TRIGGER et ON ddl_command_start WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION a.ev();
CREATE VIEW v AS SELECT a.total(1) AS t, 1 OPERATOR(a.@+@) 2 AS o;
