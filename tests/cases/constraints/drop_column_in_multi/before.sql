CREATE TABLE t (a int, b int, c int, UNIQUE (a, b), CHECK (a < b), PRIMARY KEY (a, c));
CREATE INDEX i ON t (b, c);
