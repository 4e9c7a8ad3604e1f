CREATE TABLE t (k integer, v integer) PARTITION BY LIST (k);
CREATE TABLE t_0 PARTITION OF t FOR VALUES IN (0);
CREATE INDEX i ON t (v);
ALTER TABLE t_0 ADD CONSTRAINT t_0_own UNIQUE (k);
ALTER TABLE t ADD CONSTRAINT u UNIQUE (k);
-- What is attached brings its own.
CREATE TABLE t_1 (k integer, v integer) PARTITION BY LIST (k);
CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES IN (1);
CREATE INDEX t_1_value_idx ON t_1 (v);
ALTER TABLE t ATTACH PARTITION t_1 FOR VALUES IN (1);
CREATE TABLE t_2 (k integer, v integer);
ALTER TABLE t_2 ADD CONSTRAINT t_2_own UNIQUE (k);
ALTER TABLE t ATTACH PARTITION t_2 FOR VALUES IN (2);
COMMENT ON CONSTRAINT t_2_own ON t_2 IS 'adopted';
-- One that comes with the key of all.
CREATE INDEX j ON ONLY t (k, v);
CREATE INDEX j_0 ON t_0 (k, v);
CREATE INDEX j_1 ON t_1 (k, v);
CREATE INDEX t_2_both_idx ON t_2 (k, v);
ALTER INDEX j ATTACH PARTITION j_0;
ALTER INDEX j ATTACH PARTITION j_1;
ALTER INDEX j ATTACH PARTITION t_2_both_idx;

-- Made anew, since it is partitioned otherwise.
CREATE TABLE s (k integer, v integer) PARTITION BY LIST (v);
CREATE TABLE s_1 PARTITION OF s FOR VALUES IN (1);
ALTER TABLE s_1 ADD CONSTRAINT s_1_own UNIQUE (k, v);
ALTER TABLE s ADD CONSTRAINT s_u UNIQUE (k, v);
COMMENT ON CONSTRAINT s_1_own ON s_1 IS 'comes again';

-- The key gets a column as a partition comes.
CREATE TABLE c (k integer, v integer) PARTITION BY LIST (k);
CREATE TABLE c_0 PARTITION OF c FOR VALUES IN (0);
CREATE TABLE c_1 PARTITION OF c FOR VALUES IN (1);
ALTER TABLE c_1 ADD CONSTRAINT c_1_own UNIQUE (k, v);
ALTER TABLE c_0 ADD CONSTRAINT c_0_own UNIQUE (k, v);
ALTER TABLE c ADD CONSTRAINT c_u UNIQUE (k, v);
CREATE TABLE f (k integer, v integer, FOREIGN KEY (k, v) REFERENCES c_1 (k, v));

-- Numbers that nothing else explains.
CREATE TABLE n (k integer, v integer) PARTITION BY LIST (k);
CREATE INDEX n_v ON n (v);
ALTER TABLE n ADD CONSTRAINT n_u UNIQUE (k);
CREATE TABLE n_1 (k integer, v integer);
ALTER TABLE n_1 ADD CONSTRAINT n_1_k_key7 UNIQUE (k);
CREATE INDEX n_1_v_idx7 ON n_1 (v);
ALTER TABLE n ATTACH PARTITION n_1 FOR VALUES IN (1);
