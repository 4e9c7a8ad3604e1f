CREATE FUNCTION f(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'select a';
CREATE TABLE t (a int DEFAULT f(5));
