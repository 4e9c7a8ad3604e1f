CREATE TABLE t (key text, v integer) PARTITION BY LIST (key);
CREATE INDEX i ON ONLY t (v);
