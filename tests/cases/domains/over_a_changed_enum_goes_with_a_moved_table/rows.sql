INSERT INTO thing VALUES (1, 'open');
