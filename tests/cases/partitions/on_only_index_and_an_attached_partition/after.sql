CREATE TABLE t (key text, v integer) PARTITION BY LIST (key);
CREATE TABLE t_0 (key text, v integer);
ALTER TABLE t ATTACH PARTITION t_0 FOR VALUES IN ('a');
CREATE INDEX i ON ONLY t (v);
