SET check_function_bodies = off;
CREATE TABLE t (n int);
CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql AS 'SELECT public.g(n - 1)';
CREATE FUNCTION g(n int) RETURNS int LANGUAGE sql AS 'SELECT public.f(n - 1)';
