CREATE TYPE one AS (a int, b text);
CREATE TYPE two AS (a bigint, c date);
CREATE TYPE comes AS (x int, y text, z date);
CREATE TABLE t OF two (PRIMARY KEY (a), UNIQUE (c));
CREATE VIEW v AS SELECT a, c FROM t;
CREATE TABLE u OF comes (CHECK (x > 1), z NOT NULL);
CREATE TABLE w OF one;
CREATE INDEX wi ON w (b);
