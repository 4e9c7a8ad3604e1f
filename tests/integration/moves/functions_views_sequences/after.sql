-- schema-tool: rename function a.plus(integer) to b.plus
-- schema-tool: rename function a.touch() to b.touch
-- schema-tool: rename function a.pr(integer) to b.pr
-- schema-tool: rename function a.total(integer) to b.total
-- schema-tool: rename sequence a.s to b.s
-- schema-tool: rename view a.v to b.v
-- schema-tool: rename view a.m to b.m
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE t (id integer, n integer);
CREATE FUNCTION b.plus(i integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN i + 1;
CREATE FUNCTION b.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE PROCEDURE b.pr(integer) LANGUAGE sql AS '';
CREATE FUNCTION a.trans(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $1 + $2;
CREATE AGGREGATE b.total(integer) (SFUNC = a.trans, STYPE = integer);
CREATE SEQUENCE b.s;
GRANT EXECUTE ON FUNCTION b.plus TO app_writer;
ALTER TABLE t ALTER id SET DEFAULT nextval('b.s'), ALTER n SET DEFAULT b.plus(1), ADD CHECK (b.plus(n) > 1);
CREATE INDEX ti ON t (b.plus(n));
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION b.touch();
CREATE VIEW b.v AS SELECT id, b.plus(n) AS x FROM t;
GRANT SELECT ON b.v TO app_writer;
CREATE MATERIALIZED VIEW b.m AS SELECT x, b.total(id) AS n FROM b.v GROUP BY x;
CREATE UNIQUE INDEX mi ON b.m (x);
CREATE VIEW w AS SELECT * FROM b.m;
CREATE OPERATOR a.@@@ (RIGHTARG = integer, FUNCTION = b.plus);
CREATE FUNCTION caller() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT b.plus(max(x)) FROM b.v; END;
CREATE FUNCTION plain() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN b.plus(1); END $$;
