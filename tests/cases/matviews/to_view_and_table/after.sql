CREATE TABLE t(a int, b text);
CREATE VIEW m AS SELECT a, b FROM t;
CREATE TABLE n (a int, b text);
CREATE UNIQUE INDEX n_i ON n(a);
