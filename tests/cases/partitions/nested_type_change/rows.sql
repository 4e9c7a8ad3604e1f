INSERT INTO m VALUES (1, 1, 'a'), (1, 100, 'b');
