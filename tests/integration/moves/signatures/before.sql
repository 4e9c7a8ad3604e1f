-- schema-tool: rename type b.state to a.state
-- schema-tool: rename table b.t to a.t
-- schema-tool: rename function b.f(b.state) to a.f
-- schema-tool: rename function b.g(b.t) to a.g
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE a.state AS ENUM ('x');
CREATE TABLE a.t (id serial, s a.state DEFAULT 'x');
CREATE FUNCTION a.f(a.state) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$;
CREATE FUNCTION a.g(a.t) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '1' $$;
CREATE INDEX ti ON a.t (a.f(s));
CREATE VIEW a.v AS SELECT a.f(t.s) AS f, a.g(t.*) AS g FROM a.t;
