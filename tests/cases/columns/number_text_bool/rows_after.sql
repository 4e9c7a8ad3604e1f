INSERT INTO t VALUES ('1', 2, 1, 3, now(), now(), '1 day', true, 'abc', 'x', 'true');
