INSERT INTO heir VALUES (1, '2', 3);
INSERT INTO below VALUES (1, '2', 3);
INSERT INTO bottom VALUES (4, '5', 6);
