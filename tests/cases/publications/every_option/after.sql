CREATE TABLE t (n int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t;
CREATE PUBLICATION q FOR TABLE t WITH (publish = 'update, delete', publish_via_partition_root = true);
CREATE PUBLICATION r FOR ALL TABLES WITH (publish = 'delete');
