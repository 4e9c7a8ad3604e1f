CREATE TYPE "inner" AS (a BIGINT, b TEXT);
CREATE TYPE middle AS (i "inner", list "inner"[]);
CREATE TYPE "outer" AS (m middle, n INT);
CREATE TABLE t (x "outer");
CREATE FUNCTION f() RETURNS SETOF "outer" LANGUAGE sql AS 'SELECT x FROM t';
