INSERT INTO p (id) SELECT i FROM generate_series(0, 99, 7) i;
