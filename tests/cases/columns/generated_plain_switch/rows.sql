INSERT INTO t (a, q) VALUES (1, 1);
