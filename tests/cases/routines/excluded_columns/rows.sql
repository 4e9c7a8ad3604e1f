INSERT INTO counts VALUES (1, 'a');
