CREATE TYPE c AS (a int, b text); CREATE TABLE t (id int, l c[] DEFAULT ARRAY[]::c[], n c);
