INSERT INTO t VALUES (1, true, 'a', 2), (2, false, ')', 3);
