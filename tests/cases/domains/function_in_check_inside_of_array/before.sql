CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select $1';
CREATE TABLE t (a int, b text);CREATE DOMAIN dd AS int CHECK (f(VALUE) > 0);
CREATE TABLE u (x dd, y dd[]);
