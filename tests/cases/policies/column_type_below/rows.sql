INSERT INTO t SELECT g, 'team ' || g FROM generate_series(1, 9) g;
