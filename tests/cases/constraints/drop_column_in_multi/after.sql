CREATE TABLE t (a int, c int, UNIQUE (a), PRIMARY KEY (c, a));
CREATE INDEX i ON t (c);
