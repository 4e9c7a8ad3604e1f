INSERT INTO t VALUES ('abcde','plain words',5,'{1}',now(),'ab',1.5,'x y','abc','a',4,5,true,'{"a":1}','00000000-0000-0000-0000-000000000001','2025-01-01');
