CREATE SCHEMA app; CREATE TYPE app.e0 AS ENUM ('new', 'closed'); CREATE TABLE t1 (part text NOT NULL, a app.e0, c smallint) PARTITION BY LIST (part);
CREATE FUNCTION app.r0() RETURNS integer LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*)::integer FROM t1; END; ALTER TABLE t1 ALTER c SET DEFAULT app.r0();
