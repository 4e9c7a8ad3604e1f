CREATE TABLE a (id int, old text);
