CREATE TABLE t (a int4range, b int, c text, CONSTRAINT e EXCLUDE USING gist (a WITH &&), CONSTRAINT e2 EXCLUDE USING btree (b WITH =) WHERE (b > 0));
