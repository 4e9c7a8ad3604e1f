INSERT INTO t VALUES ('[a,a]', '[b,b]', '{[a,a]}', '{"{[b,b]}"}');
INSERT INTO rows_of_many VALUES (ROW('{[a,a]}', '{[b,b]}'), '{[a,a]}');
