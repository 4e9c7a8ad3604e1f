CREATE TABLE t (a int, b int, c int);
CREATE STATISTICS s (ndistinct, dependencies, mcv) ON a, b FROM t; CREATE STATISTICS r (mcv) ON a, c FROM t;
