CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE TABLE t (a ext.hstore, b text DEFAULT ('t'::regclass)::text || 'ext.hstore', d regtype DEFAULT 'ext.hstore'::regtype);
CREATE VIEW v AS SELECT ext.akeys(a) AS k, 't'::regclass AS r, 'ext.hstore'::text AS s FROM t;
