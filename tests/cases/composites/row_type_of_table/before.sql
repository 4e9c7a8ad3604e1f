CREATE TABLE p (a int, b text); CREATE TABLE t (id int, r p, l p[]); CREATE FUNCTION f(p) RETURNS SETOF p LANGUAGE sql AS 'SELECT $1.*'; CREATE VIEW v AS SELECT (r).a FROM t;
