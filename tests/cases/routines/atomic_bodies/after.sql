CREATE TABLE t(id bigint, a varchar(9), b int);
CREATE FUNCTION f(i int) RETURNS text BEGIN ATOMIC SELECT a::text FROM t WHERE id = i; END;
CREATE PROCEDURE p(i int) BEGIN ATOMIC INSERT INTO t(id, b) VALUES (i, 1); END;
CREATE FUNCTION g(i int) RETURNS text RETURN upper(f(i));
