INSERT INTO person VALUES (1, ROW('x', 3, 'c'), ARRAY[ROW('y', 4, 'd')::addr], ROW(ROW('z', 6, NULL)::addr, '2020-01-01'), ROW('a, "b"', 1)), (2, NULL, '{}', NULL, NULL);
