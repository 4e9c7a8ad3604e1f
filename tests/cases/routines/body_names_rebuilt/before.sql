CREATE TABLE t(a int); 
CREATE FUNCTION helper(i int) RETURNS int LANGUAGE sql AS 'SELECT i';
CREATE FUNCTION user_of(i int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN helper(i); END';
CREATE VIEW v AS SELECT user_of(a) FROM t;
