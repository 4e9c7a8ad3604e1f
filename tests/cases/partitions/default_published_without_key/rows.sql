INSERT INTO p VALUES (1, 'a'), (100, 'b'); INSERT INTO n VALUES (1, 'a'), (2, 'a');
