INSERT INTO d (x, y, z) VALUES (2, 'q', 3);
