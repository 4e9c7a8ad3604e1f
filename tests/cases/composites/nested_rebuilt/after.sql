CREATE TYPE i AS (a bigint, b text); CREATE TYPE o AS (x i, y i[], n int); CREATE TABLE t (id int, v o, w i[]);
