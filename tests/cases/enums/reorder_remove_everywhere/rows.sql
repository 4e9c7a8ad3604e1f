INSERT INTO t VALUES (1, 'a', '{a}', 'a', ROW('b', 1)), (2, 'b', '{b}', NULL, NULL);
