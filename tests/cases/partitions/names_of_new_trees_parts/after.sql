CREATE TABLE other (k integer);

-- Names that end as the server's do, and are not what it would choose.
CREATE TABLE t (k integer, created_at integer, v integer) PARTITION BY LIST (k);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES IN (1);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2);
CREATE INDEX i ON ONLY t (created_at);
CREATE INDEX t_1_created_idx ON ONLY t_1 (created_at);
CREATE INDEX x ON t_1_1 (created_at);
CREATE INDEX t_2_created_at_idx ON t_2 (created_at);
ALTER INDEX t_1_created_idx ATTACH PARTITION x;
ALTER INDEX i ATTACH PARTITION t_1_created_idx;
ALTER INDEX i ATTACH PARTITION t_2_created_at_idx;
COMMENT ON INDEX x IS 'of the innermost';
COMMENT ON INDEX t_2_created_at_idx IS 'under the name that the server gives';

-- Two of the same columns, of which either could get the name.
CREATE INDEX up ON ONLY t (v);
CREATE INDEX down ON ONLY t (v DESC);
CREATE INDEX up_2 ON t_2 (v);
CREATE INDEX down_2 ON t_2 (v DESC);
CREATE INDEX up_1 ON t_1 (v);
CREATE INDEX down_1 ON t_1 (v DESC);
ALTER INDEX up ATTACH PARTITION up_1;
ALTER INDEX up ATTACH PARTITION up_2;
ALTER INDEX down ATTACH PARTITION down_1;
ALTER INDEX down ATTACH PARTITION down_2;

-- One that is never completed.
CREATE INDEX half ON ONLY t ((v + 1));
CREATE INDEX t_2_half_idx ON t_2 ((v + 1));
ALTER INDEX half ATTACH PARTITION t_2_half_idx;

-- Keys, and a reference to a partition's.
ALTER TABLE t_1_1 ADD CONSTRAINT own_11 UNIQUE (k, v);
ALTER TABLE t_1 ADD CONSTRAINT t_1_unique_key UNIQUE (k, v);
ALTER TABLE t ADD CONSTRAINT whole UNIQUE (k, v);
ALTER TABLE t_2 ADD CONSTRAINT t_2_pk PRIMARY KEY (k);
ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY (k);
COMMENT ON CONSTRAINT own_11 ON t_1_1 IS 'a comment on a key';
COMMENT ON INDEX t_1_pkey IS 'a comment on its index';
CREATE TABLE r (k integer REFERENCES t_2 (k), l integer REFERENCES t (k));

-- Targets of statistics: what is set above is set on what is there below.
CREATE INDEX sum ON t ((k + v));
ALTER INDEX sum ALTER COLUMN 1 SET STATISTICS 100;
CREATE TABLE t_3 PARTITION OF t FOR VALUES IN (3);
