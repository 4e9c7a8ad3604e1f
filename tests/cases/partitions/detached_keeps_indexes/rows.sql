INSERT INTO q VALUES (1, 'a');
INSERT INTO c VALUES (1, 'a');
INSERT INTO left_alone VALUES (1, 'a');
INSERT INTO moves VALUES (1, 'a');
