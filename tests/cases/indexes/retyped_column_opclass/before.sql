CREATE TABLE t (id int, v text, w text, x int[]);
CREATE INDEX i ON t (v text_pattern_ops);
CREATE INDEX j ON t USING btree (lower(w)) WHERE w <> '';
CREATE INDEX k ON t USING gin (x);
CREATE UNIQUE INDEX l ON t (id) INCLUDE (v);
