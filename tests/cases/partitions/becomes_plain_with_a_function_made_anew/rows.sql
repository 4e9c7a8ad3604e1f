INSERT INTO by_index VALUES (1, 2), (3, 4);
INSERT INTO by_trigger VALUES (1, 2), (3, 4);
INSERT INTO by_own VALUES (1, 2), (3, 4);
INSERT INTO by_default VALUES (1, 2), (3, 4);
INSERT INTO by_expression VALUES (1), (3);
