CREATE FUNCTION ad(a int, b text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE OPERATOR @+@ (LEFTARG = int, RIGHTARG = text, FUNCTION = ad);
CREATE TABLE t(a int, CHECK (a @+@ 'x' > 0)); CREATE INDEX i ON t((a @+@ 'x'));
CREATE VIEW v AS SELECT a @+@ 'y' FROM t;
