INSERT INTO t VALUES (1, ROW(ROW(1,'a')::i, ARRAY[ROW(2,'b')::i], 3), ARRAY[ROW(4,'c')::i]);
