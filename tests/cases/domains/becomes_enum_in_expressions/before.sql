CREATE DOMAIN d AS text;
CREATE TABLE t (a int, b text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING ((CASE WHEN a > 0 THEN 'a'::d ELSE '1'::d END) = 'a'::d) WITH CHECK ((CASE WHEN a > 0 THEN 'a'::d ELSE '1'::d END) = 'a'::d OR b = 'x');
