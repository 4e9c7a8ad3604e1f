INSERT INTO t VALUES ('[a,a]', '[b,b]', '{[a,a]}', '{"{[b,b]}"}');
