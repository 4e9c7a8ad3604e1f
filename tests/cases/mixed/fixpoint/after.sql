CREATE TABLE t (v varchar(10), CHECK (v IN ('a', 'b')));
CREATE VIEW w AS SELECT * FROM t WHERE v IN ('x', 'y');
CREATE INDEX i ON t (v) WHERE v IN ('p', 'q');
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (v IN ('m', 'n'));
