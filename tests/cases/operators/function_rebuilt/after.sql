CREATE FUNCTION ad(x int, y text) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1::bigint';
CREATE OPERATOR @+@ (LEFTARG = int, RIGHTARG = text, FUNCTION = ad);
CREATE TABLE t(a int, CHECK (a @+@ 'x' > 0)); CREATE INDEX i ON t((a @+@ 'x'));
CREATE VIEW v AS SELECT a @+@ 'y' FROM t;
