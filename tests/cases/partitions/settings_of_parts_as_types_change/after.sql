CREATE TABLE p (id int, k bigint) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX w ON p (id, k);
CREATE INDEX e ON p ((id + 1), k);
ALTER TABLE p ADD UNIQUE (id, k);
ALTER INDEX p1_id_k_idx SET (fillfactor = 70);
ALTER INDEX p1_expr_k_idx ALTER COLUMN 1 SET STATISTICS 50;
ALTER INDEX p1_id_k_key SET (fillfactor = 60);
