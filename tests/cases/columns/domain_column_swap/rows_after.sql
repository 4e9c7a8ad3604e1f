INSERT INTO t VALUES ('x@y', 'z@y', '{a@b}');
