CREATE TABLE t (id int PRIMARY KEY WITH (fillfactor = 80), a text) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
CREATE UNLOGGED TABLE u (id serial);
