INSERT INTO t VALUES (1, 50.00, 12, 'a', 'b', 'c', 'd', 5.00);
