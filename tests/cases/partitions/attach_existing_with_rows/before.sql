CREATE TABLE m (a int NOT NULL, b text) PARTITION BY RANGE (a);
CREATE TABLE old (a int NOT NULL, b text, CHECK (a >= 0 AND a < 10));
CREATE INDEX m_b ON m (b);
CREATE INDEX old_b_idx ON old (b);
