CREATE TABLE t(a int, b int);
CREATE FUNCTION helper(i bigint) RETURNS bigint LANGUAGE sql AS 'SELECT i';
CREATE FUNCTION user_of(i int) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN helper(i::bigint); END';
CREATE VIEW v AS SELECT user_of(a) FROM t;
