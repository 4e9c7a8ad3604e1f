INSERT INTO t VALUES (1, '2', true, 3.5, now(), now(), '1 day', 1, 'abc', 'x', true);
