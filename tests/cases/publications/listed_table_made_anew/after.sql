CREATE TABLE t (id bigint, x int) PARTITION BY RANGE (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE u (id int PRIMARY KEY, x bigint);
CREATE PUBLICATION p FOR TABLE t (id, x), u (x, id) WITH (publish_via_partition_root = true);
