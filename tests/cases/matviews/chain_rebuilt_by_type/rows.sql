INSERT INTO t SELECT g % 3, g::text FROM generate_series(1, 9) g;
