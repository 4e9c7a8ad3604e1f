-- schema-tool: rename type a.state to b.state
-- schema-tool: rename table a.t to b.t
-- schema-tool: rename function a.f(a.state) to b.f
-- schema-tool: rename function a.g(a.t) to b.g
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE b.state AS ENUM ('x');
CREATE TABLE b.t (id serial, s b.state DEFAULT 'x');
CREATE FUNCTION b.f(b.state) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$;
CREATE FUNCTION b.g(b.t) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '1' $$;
CREATE INDEX ti ON b.t (b.f(s));
CREATE VIEW a.v AS SELECT b.f(t.s) AS f, b.g(t.*) AS g FROM b.t;
