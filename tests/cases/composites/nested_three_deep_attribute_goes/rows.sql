INSERT INTO t VALUES (ROW(ROW(ROW(1, 'b'), ARRAY[ROW(2, 'c')::"inner"]), 3));
