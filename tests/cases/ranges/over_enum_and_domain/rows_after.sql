INSERT INTO t VALUES ('[a,b)', '[1,3)', '{"[a,b]"}');
