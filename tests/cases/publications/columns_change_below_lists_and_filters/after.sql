CREATE TABLE t (id bigint PRIMARY KEY, x bigint);
CREATE TABLE u (id bigint PRIMARY KEY, x int);
CREATE PUBLICATION p FOR TABLE t WHERE (id > 6), u (id) WHERE (id > 0) WITH (publish = 'insert');
