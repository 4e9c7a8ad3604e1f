CREATE TABLE l (a int, b int) PARTITION BY RANGE (a);
CREATE TABLE l0 PARTITION OF l FOR VALUES FROM (0) TO (10);
CREATE INDEX custom_b ON l0 (b) WITH (fillfactor = 70);
CREATE INDEX l_b ON l (b);
CREATE UNIQUE INDEX l_ab ON l (a, b);
ALTER INDEX l0_a_b_idx RENAME TO renamed_ab;
