INSERT INTO t (id, a, b) VALUES (1, '[1,3)', '[2000-01-01,2000-02-01)'), (2, NULL, NULL);
