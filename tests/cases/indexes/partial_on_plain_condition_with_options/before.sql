CREATE FUNCTION is_big(int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 1';
CREATE TABLE t (a int, b bool, s text, "x WHERE (y" int);
CREATE INDEX i ON t (a) WHERE b;
CREATE INDEX gets_options ON t (a) WHERE b;
