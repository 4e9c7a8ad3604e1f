INSERT INTO t SELECT i, i, 'x' FROM generate_series(0, 29) i;
