CREATE TABLE one (id int, gone boolean);
CREATE UNIQUE INDEX one_id_key ON one (id) WHERE NOT gone;
CREATE TABLE two (id int CONSTRAINT two_id_key UNIQUE);
CREATE TABLE three (id int CONSTRAINT three_id_key UNIQUE);
CREATE TABLE to_three (id int REFERENCES three (id));
CREATE TABLE parts (id int, n int) PARTITION BY LIST (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE parts_1_1 PARTITION OF parts_1 FOR VALUES IN (1);
CREATE INDEX parts_n_idx ON parts (n);
