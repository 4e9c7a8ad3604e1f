CREATE TYPE c AS (a bigint, b text, d date); CREATE TABLE t (id int, l c[] DEFAULT ARRAY[]::c[], n c);
