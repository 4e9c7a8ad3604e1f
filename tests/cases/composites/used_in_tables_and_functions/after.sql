CREATE TYPE addr AS (street varchar(50), zip text, city text); CREATE TABLE t (id int, a addr, b addr[]); CREATE VIEW v AS SELECT (a).zip FROM t;
CREATE FUNCTION f(addr) RETURNS addr LANGUAGE sql AS 'SELECT $1'; CREATE TYPE outer_t AS (a addr, n bigint);
