INSERT INTO kinds VALUES ('a', 1), ('b', 2);
INSERT INTO p VALUES (1, 1, 1, NULL, 'a', 1), (20, 2, 2, 1, 'b', 2);
