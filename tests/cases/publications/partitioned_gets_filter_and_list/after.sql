CREATE TABLE t (n int, k int, PRIMARY KEY (n, k)) PARTITION BY LIST (k);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE PUBLICATION p FOR TABLE t (n, k) WHERE (n > 1) WITH (publish_via_partition_root);
