CREATE TABLE t (m numeric, b int, i bit(16), c int, x polygon, o box, r int4multirange, p box);
