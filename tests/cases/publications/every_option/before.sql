CREATE TABLE t (n int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert, truncate');
CREATE PUBLICATION q FOR TABLE t WITH (publish = '');
CREATE PUBLICATION r FOR ALL TABLES WITH (publish_via_partition_root);
