INSERT INTO t VALUES (1, '4', ROW('5', '6'));
