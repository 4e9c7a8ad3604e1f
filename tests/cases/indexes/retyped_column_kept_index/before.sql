CREATE TABLE t (id int, v varchar(10), n int);
CREATE INDEX i ON t (v, id);
CREATE INDEX e ON t ((n + 1)) WHERE v IS NOT NULL;
CREATE INDEX gone ON t (n DESC);
