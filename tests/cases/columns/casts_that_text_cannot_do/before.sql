CREATE TABLE t (m money, b bit(8), i int, c "char", x box, o circle, r int4range, p polygon);
