-- schema-tool: rename type a.state to b.state
-- schema-tool: rename type a.amount to b.amount
-- schema-tool: rename type a.couple to b.pair
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TYPE b.state AS ENUM ('x', 'y');
CREATE DOMAIN b.amount AS integer DEFAULT 3 CHECK (VALUE > 0);
CREATE TYPE b.pair AS (x b.state, y b.amount[]);
GRANT USAGE ON TYPE b.state TO app_writer;
COMMENT ON TYPE b.state IS 'a.state';
CREATE TABLE t (s b.state DEFAULT 'x' CHECK (s <> 'y'), ss b.state[] DEFAULT '{x}', n b.amount, p b.pair);
CREATE INDEX ON t (s) WHERE s = 'x';
CREATE FUNCTION f(b.state, b.pair[]) RETURNS b.amount LANGUAGE sql AS $$ SELECT 1 $$;
CREATE VIEW v AS SELECT s, 'x'::b.state AS k, f(s, NULL) AS ff FROM t;
CREATE DOMAIN d AS b.state;
CREATE TABLE ct OF b.pair;
CREATE TABLE part (s b.state) PARTITION BY LIST (s);
CREATE TABLE part1 PARTITION OF part FOR VALUES IN ('x');
