INSERT INTO org VALUES (1, 'one');
