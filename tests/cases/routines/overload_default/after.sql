CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'select a';
CREATE TABLE t (a int DEFAULT f(5));
