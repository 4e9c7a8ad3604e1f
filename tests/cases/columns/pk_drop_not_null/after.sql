CREATE TABLE a (id int, t text);
