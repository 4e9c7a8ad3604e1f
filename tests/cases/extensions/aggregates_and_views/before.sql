CREATE EXTENSION vector; CREATE TABLE t (k int, v vector(2)); CREATE VIEW a AS SELECT k, avg(v) AS v FROM t GROUP BY k;
