CREATE TABLE t (b int, a int, "C x" int); CREATE STATISTICS s ON a, b FROM t; CREATE STATISTICS m (ndistinct) ON b, "C x", a, (a + 1), (b * 2) FROM t;
