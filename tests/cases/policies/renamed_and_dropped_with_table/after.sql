CREATE TABLE t (a int);
CREATE POLICY "new Name" ON t USING (a > 0);
COMMENT ON POLICY "new Name" ON t IS 'it''s new';
