INSERT INTO events VALUES (1, 'here', 2);
