INSERT INTO person VALUES (1, ROW(1, 'x', 3), ARRAY[ROW(2, 'y', 4)::addr], ROW(ROW(5, 'z', 6)::addr, '2020-01-01'), ROW('a, "b"', 1)), (2, NULL, '{}', NULL, NULL);
