INSERT INTO t SELECT 1, n FROM generate_series(1, 9) n; INSERT INTO s VALUES (1, 1), (2, 1);
