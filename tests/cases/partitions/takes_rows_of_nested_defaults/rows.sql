INSERT INTO t (k, parent) SELECT i, i FROM generate_series(1,8) i; INSERT INTO t VALUES (NULL);
