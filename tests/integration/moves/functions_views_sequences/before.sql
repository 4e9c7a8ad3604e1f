-- schema-tool: rename function b.plus(integer) to a.plus
-- schema-tool: rename function b.touch() to a.touch
-- schema-tool: rename function b.pr(integer) to a.pr
-- schema-tool: rename function b.total(integer) to a.total
-- schema-tool: rename sequence b.s to a.s
-- schema-tool: rename view b.v to a.v
-- schema-tool: rename view b.m to a.m
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE t (id integer, n integer);
CREATE FUNCTION a.plus(i integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN i + 1;
CREATE FUNCTION a.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE PROCEDURE a.pr(integer) LANGUAGE sql AS '';
CREATE FUNCTION a.trans(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 + $2;
CREATE AGGREGATE a.total(integer) (SFUNC = a.trans, STYPE = integer);
CREATE SEQUENCE a.s;
GRANT EXECUTE ON FUNCTION a.plus TO app_writer;
ALTER TABLE t ALTER id SET DEFAULT nextval('a.s'), ALTER n SET DEFAULT a.plus(1), ADD CHECK (a.plus(n) > 1);
CREATE INDEX ti ON t (a.plus(n));
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION a.touch();
CREATE VIEW a.v AS SELECT id, a.plus(n) AS x FROM t;
GRANT SELECT ON a.v TO app_writer;
CREATE MATERIALIZED VIEW a.m AS SELECT x, a.total(id) AS n FROM a.v GROUP BY x;
CREATE UNIQUE INDEX mi ON a.m (x);
CREATE VIEW w AS SELECT * FROM a.m;
CREATE OPERATOR a.@@@ (RIGHTARG = integer, FUNCTION = a.plus);
CREATE FUNCTION caller() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a.plus(max(x)) FROM a.v; END;
CREATE FUNCTION plain() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN a.plus(1); END $$;
