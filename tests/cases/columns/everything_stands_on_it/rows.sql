INSERT INTO p (id, code, v) VALUES (1, 2, 3); INSERT INTO f VALUES (2);
