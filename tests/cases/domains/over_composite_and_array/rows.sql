INSERT INTO t VALUES (ROW(2, 'x'), '{1,2}');
