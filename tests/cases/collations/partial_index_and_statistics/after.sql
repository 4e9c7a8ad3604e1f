CREATE COLLATION e (locale = 'POSIX'); CREATE TABLE t (a text, b text); CREATE INDEX i ON t (a) WHERE b COLLATE e > 'm'; CREATE STATISTICS s ON (lower(a COLLATE e)), b FROM t;
