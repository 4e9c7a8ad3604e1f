INSERT INTO t (id, k, note) SELECT i, i, 'x' FROM generate_series(10, 39) i;
INSERT INTO r SELECT id, id, k FROM t;
