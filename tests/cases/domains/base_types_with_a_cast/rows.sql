INSERT INTO t VALUES (1, 50, 12.00, 'a', 'b', 'c', 'd', '5');
