INSERT INTO h SELECT n, 'a' FROM generate_series(1, 9) n; INSERT INTO l VALUES (1, 'a'), (2, 'b'), (3, 'c'); INSERT INTO s VALUES (1, 'one');
