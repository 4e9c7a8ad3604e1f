CREATE COLLATION c (locale = 'C'); CREATE TABLE t (a text, b text); CREATE INDEX i ON t (a) WHERE b COLLATE c > 'm'; CREATE STATISTICS s ON (lower(a COLLATE c)), b FROM t;
