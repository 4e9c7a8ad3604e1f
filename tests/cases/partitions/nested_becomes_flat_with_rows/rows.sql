INSERT INTO p VALUES (1, 'a'), (11, 'b'), (3, 'a');
