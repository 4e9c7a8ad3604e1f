CREATE TABLE org (id int PRIMARY KEY, n text);
