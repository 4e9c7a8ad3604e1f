INSERT INTO animal (id, kind) VALUES (1, 'cat'), (2, 'dog');
