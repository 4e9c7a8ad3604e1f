CREATE TABLE t (id bigint, v int, w int, x text);
CREATE INDEX i ON t (v int4_ops);
CREATE INDEX j ON t USING btree (abs(w)) WHERE w > 0;
CREATE INDEX k ON t (x text_pattern_ops);
CREATE UNIQUE INDEX l ON t (id) INCLUDE (w);
CREATE TABLE n (id bigint, at date);
CREATE INDEX m ON n USING brin (id int8_minmax_multi_ops);
CREATE INDEX o ON n USING brin (id, at);
