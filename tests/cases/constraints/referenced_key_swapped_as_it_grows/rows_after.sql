INSERT INTO p SELECT n, n FROM generate_series(1, 5) AS n;
INSERT INTO c SELECT id FROM p;
