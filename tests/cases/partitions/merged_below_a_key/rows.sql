INSERT INTO p SELECT g, g FROM generate_series(0, 19) g;
INSERT INTO r SELECT id, k FROM p;
