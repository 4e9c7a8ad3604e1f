CREATE TABLE t (a int, b int); CREATE INDEX uno ON t (a); CREATE UNIQUE INDEX dos ON t (b);
