CREATE TYPE st AS ENUM ('0', 'a', 'm', 'n', 'z', 'zz'); CREATE TABLE t (s st DEFAULT 'm', CHECK (s <> 'zz')); CREATE VIEW v AS SELECT s FROM t WHERE s = 'n'; CREATE INDEX i ON t (s) WHERE s = '0';
