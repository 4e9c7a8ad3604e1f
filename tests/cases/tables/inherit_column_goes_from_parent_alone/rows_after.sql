INSERT INTO k1(id,name,n) VALUES (1,'a',2); INSERT INTO k2(id) VALUES (2);
