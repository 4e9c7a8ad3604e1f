INSERT INTO t VALUES (1, 'eu'), (2, 'us');
