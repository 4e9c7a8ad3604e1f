INSERT INTO t (k) VALUES (1), (2), (3), (4), (9), (NULL);
