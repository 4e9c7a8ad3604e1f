INSERT INTO p VALUES (1, '2020-05-05', NULL, 'g'), (2, '2021-05-05', NULL, 'g'), (3, '2021-08-08', NULL, 'h');
