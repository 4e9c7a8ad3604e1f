INSERT INTO event VALUES (1, 1), (2, 1), (3, 2), (4, 3);
