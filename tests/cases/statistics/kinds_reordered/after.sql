CREATE TABLE t (a int, b int, c int);
CREATE STATISTICS s (mcv, dependencies, ndistinct) ON b, a, c FROM t; CREATE STATISTICS r (dependencies) ON a, c FROM t;
