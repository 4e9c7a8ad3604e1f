CREATE TABLE a(id int, k int, primary key (id, k)) PARTITION BY RANGE (k);
CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (0) TO (100);
CREATE PUBLICATION p FOR TABLE a WHERE (id > 0) WITH (publish_via_partition_root);
CREATE PUBLICATION q FOR TABLE a (id, k) WITH (publish_via_partition_root);
