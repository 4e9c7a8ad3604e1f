INSERT INTO t VALUES ('b', 'x', 'y');
