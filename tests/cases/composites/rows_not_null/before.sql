CREATE TYPE pt AS (x float8, y float8);
CREATE DOMAIN place AS pt;
CREATE TABLE other (a int, b int);
CREATE TABLE t (id int, pos pt, spot place, whole other, n int);
