CREATE TABLE a (id int PRIMARY KEY, t text);
