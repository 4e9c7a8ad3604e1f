CREATE TYPE "inner" AS (a INT);
CREATE TYPE middle AS (i "inner", list "inner"[]);
CREATE TYPE "outer" AS (m middle);
CREATE TABLE t (x "outer");
CREATE FUNCTION f() RETURNS SETOF "outer" LANGUAGE sql AS 'SELECT x FROM t';
