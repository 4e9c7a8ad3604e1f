CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a+b';
CREATE TABLE t(x int, y int DEFAULT f(1,2), CHECK (f(x,y) > 0));
CREATE INDEX i ON t(f(x,y));
CREATE VIEW v AS SELECT f(x,y) FROM t;
CREATE POLICY p ON t USING (f(x,y) > 5);
GRANT EXECUTE ON FUNCTION f(int,int) TO app_reader; REVOKE EXECUTE ON FUNCTION f(int,int) FROM PUBLIC;
COMMENT ON FUNCTION f(int,int) IS 'eff';
ALTER FUNCTION f(int,int) OWNER TO app_writer;
