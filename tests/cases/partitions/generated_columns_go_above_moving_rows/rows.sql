INSERT INTO n0 VALUES (1, 'b', 'x');
