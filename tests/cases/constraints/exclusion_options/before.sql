CREATE TABLE t (a int4range, b int4range, c int4range, d int);
ALTER TABLE t ADD CONSTRAINT changed EXCLUDE USING gist (a WITH &&) WITH (fillfactor = 70) WHERE (d > 0);
ALTER TABLE t ADD CONSTRAINT set_only EXCLUDE USING gist (b WITH &&) WITH (fillfactor = 70);
ALTER TABLE t ADD CONSTRAINT reset_only EXCLUDE USING gist (c WITH &&) WITH (fillfactor = 60) WHERE (d > 1);
