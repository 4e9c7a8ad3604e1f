CREATE TABLE a (n int, t text, j jsonb, p point);
CREATE INDEX i1 ON a (n);
CREATE INDEX gone ON a (t);
