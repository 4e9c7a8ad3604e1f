INSERT INTO d (x, y, z) VALUES (1, '2', 3);
