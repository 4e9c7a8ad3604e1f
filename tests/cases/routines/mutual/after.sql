CREATE TABLE dummy(a int);
SET check_function_bodies = off;
CREATE FUNCTION even(n int) RETURNS bool LANGUAGE sql AS 'SELECT n = 0 OR odd(n-1)';
CREATE FUNCTION odd(n int) RETURNS bool LANGUAGE sql AS 'SELECT n <> 0 AND even(n-1)';
CREATE TABLE x(a int CHECK (even(a)));
