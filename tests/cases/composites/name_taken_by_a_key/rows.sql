INSERT INTO split VALUES (1, (2, 3));
