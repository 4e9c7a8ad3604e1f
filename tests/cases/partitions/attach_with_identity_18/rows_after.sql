INSERT INTO t (k) VALUES (1), (11), (21), (31), (36);
INSERT INTO t_6 (k) VALUES (51), (56);
