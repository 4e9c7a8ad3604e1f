CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE FUNCTION g(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE OPERATOR @@@ (RIGHTARG = integer, FUNCTION = g);
CREATE TABLE by_function (a integer DEFAULT f(4), b integer);
CREATE TABLE by_expression (a integer, g integer GENERATED ALWAYS AS (f(a)) STORED);
CREATE TABLE by_operator (a integer DEFAULT @@@ 4, b integer);
