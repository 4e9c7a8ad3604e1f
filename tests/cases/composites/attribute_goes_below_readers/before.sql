CREATE TYPE c AS (x int, y int);
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT (ROW(a, 1)::c).y AS y FROM t;
CREATE POLICY p ON t USING ((ROW(a, 1)::c).y > 0);
CREATE FUNCTION f() RETURNS int RETURN (ROW(1,2)::c).y;
