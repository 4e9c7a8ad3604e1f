CREATE FUNCTION sf(s int, v int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT s+v';
CREATE AGGREGATE mysum(int) (SFUNC = sf, STYPE = int, INITCOND = '0');
CREATE AGGREGATE other(x int) (SFUNC = sf, STYPE = int);
CREATE TABLE t(a int);
CREATE VIEW v AS SELECT mysum(a) FROM t;
COMMENT ON AGGREGATE mysum(int) IS 's';
GRANT EXECUTE ON FUNCTION mysum(int) TO app_reader;
