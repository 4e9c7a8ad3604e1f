CREATE TABLE t (n int, m boolean DEFAULT true);
CREATE POLICY p ON t USING (n > 0);
CREATE VIEW v AS SELECT true AS x FROM t;
