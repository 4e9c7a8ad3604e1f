CREATE TABLE a (id int, t text) WITH (fillfactor = 70);
