INSERT INTO orders (id, title) VALUES (1, 'a'), (2, 'b');
INSERT INTO places (id, title) VALUES (1, 'a'), (2, 'b');
