INSERT INTO p SELECT n, n FROM generate_series(1, 15) AS n;
