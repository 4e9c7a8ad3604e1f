CREATE TABLE t(a int, b int);
CREATE TABLE extra(x int);
CREATE FUNCTION inner_(i int) RETURNS int LANGUAGE sql STABLE AS 'SELECT count(*)::int FROM public.extra';
CREATE FUNCTION tot() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT sum(b + public.inner_(1)) FROM public.t';
CREATE MATERIALIZED VIEW m AS SELECT tot() AS n, 1 AS one;
