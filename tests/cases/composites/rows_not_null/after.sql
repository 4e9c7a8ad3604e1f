CREATE TYPE pt AS (x float8, y float8, z float8);
CREATE DOMAIN place AS pt;
CREATE TABLE other (a int, b int);
CREATE TABLE t (id int, pos pt NOT NULL, spot place NOT NULL, whole other NOT NULL, n int NOT NULL);
