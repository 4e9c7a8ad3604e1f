INSERT INTO p VALUES (1, 'one'), (11, 'eleven');
