INSERT INTO t SELECT i, chr(98 + i) FROM generate_series(1, 5) i;
