CREATE TABLE t (z integer, b integer);
CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM public.t';
CREATE VIEW v AS SELECT x.z > 0 AS ok FROM f() x;
CREATE TYPE pair AS (one integer, "Two" integer);
CREATE FUNCTION pairs(integer) RETURNS SETOF pair LANGUAGE sql AS 'SELECT 1, $1';
CREATE VIEW w AS SELECT p."Two", y.b FROM pairs(length(')')) p, f() WITH ORDINALITY y;
CREATE TABLE u (a integer, c integer, b integer);
CREATE FUNCTION g() RETURNS SETOF u LANGUAGE sql AS 'SELECT * FROM public.u';
CREATE MATERIALIZED VIEW m AS SELECT x.b FROM g() x JOIN g() AS y (p, q) ON x.a = y.p;
