INSERT INTO p VALUES (1, 'eu'), (2, 'us'), (3, 'uk'), (4, 'zz');
