INSERT INTO t VALUES (5, 'x', 'a', '{1}', 7);
