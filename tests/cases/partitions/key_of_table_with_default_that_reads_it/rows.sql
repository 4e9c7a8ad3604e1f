INSERT INTO split VALUES (1, 'one');
