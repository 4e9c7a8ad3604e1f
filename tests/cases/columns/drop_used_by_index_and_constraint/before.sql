CREATE TABLE a (n int, m int, CONSTRAINT u UNIQUE (n, m), CHECK (m > n));
CREATE INDEX i ON a (m);
