INSERT INTO rooms VALUES (1, 'blue'), (2, 'red');
INSERT INTO beds VALUES (1), (2), (2);
