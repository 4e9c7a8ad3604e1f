CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1';
CREATE TABLE a (n int DEFAULT f(), m int CHECK (m > f()));
