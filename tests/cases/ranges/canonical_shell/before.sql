CREATE TYPE r AS RANGE (subtype = inet); CREATE FUNCTION f(r) RETURNS inet LANGUAGE sql AS 'SELECT lower($1)'; CREATE FUNCTION g(r_multirange) RETURNS inet LANGUAGE sql AS 'SELECT lower($1)';
