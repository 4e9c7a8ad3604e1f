CREATE TABLE t (id int PRIMARY KEY, a text) WITH (parallel_workers = 4, autovacuum_vacuum_scale_factor = 0.05, toast_tuple_target = 4080);
CREATE TABLE u (id serial);
