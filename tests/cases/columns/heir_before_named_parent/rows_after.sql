INSERT INTO heir VALUES (1, 'one');
