-- schema-tool: rename type b.state to a.state
-- schema-tool: rename type b.amount to a.amount
-- schema-tool: rename type b.pair to a.couple
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE a.state AS ENUM ('x', 'y');
CREATE DOMAIN a.amount AS integer DEFAULT 3 CHECK (VALUE > 0);
CREATE TYPE a.couple AS (x a.state, y a.amount[]);
GRANT USAGE ON TYPE a.state TO app_writer;
COMMENT ON TYPE a.state IS 'a.state';
CREATE TABLE t (s a.state DEFAULT 'x' CHECK (s <> 'y'), ss a.state[] DEFAULT '{x}', n a.amount, p a.couple);
CREATE INDEX ON t (s) WHERE s = 'x';
CREATE FUNCTION f(a.state, a.couple[]) RETURNS a.amount LANGUAGE sql AS $$ SELECT 1 $$;
CREATE VIEW v AS SELECT s, 'x'::a.state AS k, f(s, NULL) AS ff FROM t;
CREATE DOMAIN d AS a.state;
CREATE TABLE ct OF a.couple;
CREATE TABLE part (s a.state) PARTITION BY LIST (s);
CREATE TABLE part1 PARTITION OF part FOR VALUES IN ('x');
