CREATE FUNCTION f(a integer, b integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE FUNCTION h(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
CREATE OPERATOR @@@ (RIGHTARG = integer, FUNCTION = h);
CREATE TABLE by_function (a integer DEFAULT f(4), b integer) PARTITION BY RANGE (b);
CREATE TABLE by_expression (a integer, g integer GENERATED ALWAYS AS (f(a)) STORED) PARTITION BY RANGE (a);
CREATE TABLE by_operator (a integer DEFAULT @@@ 4, b integer) PARTITION BY RANGE (b);
CREATE TABLE by_function_1 PARTITION OF by_function DEFAULT;
CREATE TABLE by_expression_1 PARTITION OF by_expression DEFAULT;
CREATE TABLE by_operator_1 PARTITION OF by_operator DEFAULT;
