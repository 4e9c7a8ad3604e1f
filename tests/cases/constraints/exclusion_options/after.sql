CREATE TABLE t (a int4range, b int4range, c int4range, d int);
ALTER TABLE t ADD CONSTRAINT changed EXCLUDE USING gist (a WITH -|-) WITH (fillfactor = 50) WHERE (d > 1) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE t ADD CONSTRAINT set_only EXCLUDE USING gist (b WITH &&) WITH (fillfactor = 80);
ALTER TABLE t ADD CONSTRAINT reset_only EXCLUDE USING gist (c WITH &&) WHERE (d > 1);
ALTER TABLE t ADD CONSTRAINT more EXCLUDE USING gist (a WITH &&, b WITH &&) WITH (fillfactor = 90) WHERE (d > 2);
