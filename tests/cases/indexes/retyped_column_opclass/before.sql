CREATE TABLE t (id int, v text, w text, x int[]);
CREATE INDEX i ON t (v text_pattern_ops);
CREATE INDEX j ON t USING btree (lower(w)) WHERE w <> '';
CREATE INDEX k ON t USING gin (x);
CREATE UNIQUE INDEX l ON t (id) INCLUDE (v);
CREATE TABLE n (id int, at date);
CREATE INDEX m ON n USING brin (id int4_bloom_ops);
CREATE INDEX o ON n USING brin (at, id int4_minmax_multi_ops);
