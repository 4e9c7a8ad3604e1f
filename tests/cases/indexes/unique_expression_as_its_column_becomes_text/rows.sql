INSERT INTO t SELECT n, 'x' || n, n FROM generate_series(1, 5) AS n;
