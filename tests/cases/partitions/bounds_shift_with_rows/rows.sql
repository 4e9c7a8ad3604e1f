INSERT INTO r SELECT g, g FROM generate_series(0, 29) g;
