INSERT INTO t VALUES ('[1,2,3]', '{1:1}/5');
