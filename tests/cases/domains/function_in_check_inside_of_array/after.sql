CREATE FUNCTION f(int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'select $1::bigint';
CREATE TABLE t (a int, b text);CREATE DOMAIN dd AS int CHECK (f(VALUE) > 0);
CREATE TABLE u (x dd, y dd[]);
