CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (x e DEFAULT 'b', CHECK (x <> 'b'));
CREATE VIEW v AS SELECT * FROM t WHERE x = 'b';
CREATE INDEX i ON t (x) WHERE x = 'b';
