INSERT INTO t VALUES ('some words');
