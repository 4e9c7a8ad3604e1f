CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, COMMUTATOR = ===);
CREATE TABLE t (a int, b int, CHECK (a === b)); CREATE VIEW v AS SELECT a FROM t WHERE a === 5;
