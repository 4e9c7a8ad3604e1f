INSERT INTO t SELECT i, 'x' FROM generate_series(0, 29) i;
INSERT INTO t_3 VALUES (22, 'y');
