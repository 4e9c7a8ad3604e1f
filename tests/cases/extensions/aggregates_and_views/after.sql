CREATE EXTENSION vector; CREATE TABLE t (k int, v vector(2)); CREATE MATERIALIZED VIEW a AS SELECT k, avg(v) AS v, min(v <-> '[0,0]') AS d FROM t GROUP BY k; CREATE INDEX i ON a (d);
