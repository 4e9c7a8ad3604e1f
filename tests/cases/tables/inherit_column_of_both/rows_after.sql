INSERT INTO base (id, at) VALUES (1, now());
INSERT INTO k (id, at) VALUES (2, now());
INSERT INTO k2 (id, at) VALUES (3, now());
