INSERT INTO t SELECT n, n, n % 2 FROM generate_series(1, 5) AS n;
INSERT INTO expressions SELECT n, n FROM generate_series(1, 5) AS n;
