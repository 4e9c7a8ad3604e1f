CREATE TABLE to_key (id int PRIMARY KEY, b bigint);
CREATE INDEX to_key_b ON to_key (b);
ALTER TABLE to_key CLUSTER ON to_key_pkey;
CREATE TABLE to_index (a int, b bigint);
CREATE INDEX to_index_a ON to_index (a);
CREATE INDEX to_index_b ON to_index (b);
ALTER TABLE to_index CLUSTER ON to_index_b;
CREATE TABLE to_none (a bigint);
CREATE INDEX to_none_a ON to_none (a);
