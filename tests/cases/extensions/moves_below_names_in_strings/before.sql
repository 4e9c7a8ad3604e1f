CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA public;
CREATE TABLE t (a public.hstore, b text DEFAULT ('t'::regclass)::text || 'public.hstore', d regtype DEFAULT 'public.hstore'::regtype);
CREATE VIEW v AS SELECT public.akeys(a) AS k, 't'::regclass AS r, 'public.hstore'::text AS s FROM t;
