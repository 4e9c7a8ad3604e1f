INSERT INTO by_function VALUES (1, 2); INSERT INTO by_expression VALUES (1); INSERT INTO by_operator VALUES (1, 2);
