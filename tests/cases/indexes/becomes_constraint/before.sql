CREATE TABLE t (a int NOT NULL, b int NOT NULL, r int4range);
CREATE UNIQUE INDEX t_pkey ON t (a);
CREATE UNIQUE INDEX u ON t (b);
CREATE INDEX x ON t USING gist (r);
