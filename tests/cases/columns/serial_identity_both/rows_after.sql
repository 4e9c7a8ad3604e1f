INSERT INTO t (v) VALUES ('a'), ('b'); INSERT INTO u (v) VALUES ('a'); INSERT INTO w VALUES (3, 'a'), (4, 'b');
