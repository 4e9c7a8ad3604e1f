INSERT INTO t VALUES ('q', '{r}');
