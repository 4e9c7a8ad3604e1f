INSERT INTO cat (id, kind, legs, name) VALUES (1, 'cat', 4, 'Tom');
INSERT INTO dog (id, kind, legs) VALUES (2, 'dog', 4);
