INSERT INTO t VALUES ('[4,5)', '{[1,2)}');
