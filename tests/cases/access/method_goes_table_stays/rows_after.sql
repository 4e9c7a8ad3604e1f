INSERT INTO t (b) VALUES ('x');
