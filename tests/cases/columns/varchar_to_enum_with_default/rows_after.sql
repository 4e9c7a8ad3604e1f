INSERT INTO orders VALUES (1, 'new', 'a'), (2, 'paid', NULL);
