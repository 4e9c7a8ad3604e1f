CREATE TABLE t (x int4range NOT NULL DEFAULT '[1,2)', m int4multirange);
