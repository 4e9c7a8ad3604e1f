INSERT INTO t (id, k, note) SELECT i, i, 'x' FROM generate_series(0, 7) i;
INSERT INTO t (id, k, note) VALUES (8, 8, ''), (9, 9, ''), (30, 30, '');
INSERT INTO r SELECT id, id, k FROM t;
