INSERT INTO split VALUES (1, 'low'), (30, 'high');
