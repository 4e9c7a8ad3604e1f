INSERT INTO t VALUES (1, 'yes', '1', '2020-01-02', '13');
