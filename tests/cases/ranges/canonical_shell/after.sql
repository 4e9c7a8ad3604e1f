CREATE TYPE q AS RANGE (subtype = inet); CREATE FUNCTION f(q) RETURNS inet LANGUAGE sql AS 'SELECT lower($1)'; CREATE FUNCTION g(q_multirange) RETURNS inet LANGUAGE sql AS 'SELECT lower($1)';
