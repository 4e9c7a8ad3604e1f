CREATE UNLOGGED TABLE a (id int, t text) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
