CREATE FUNCTION t1(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'array_subscript_handler' ;
CREATE TYPE x AS (a int);
