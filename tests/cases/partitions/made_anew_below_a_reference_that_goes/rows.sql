INSERT INTO account VALUES (1), (2);
INSERT INTO event VALUES (1, 'made'), (2, 'seen');
