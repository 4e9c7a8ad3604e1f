INSERT INTO t(x,z) VALUES ('a',1);
