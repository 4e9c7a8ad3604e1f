CREATE TABLE t (a int, b int); CREATE INDEX one ON t (a); CREATE UNIQUE INDEX two ON t (b);
