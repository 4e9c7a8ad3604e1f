INSERT INTO t SELECT g, g::text FROM generate_series(1, 9) g; REFRESH MATERIALIZED VIEW m;
