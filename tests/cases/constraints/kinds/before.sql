CREATE TABLE a (id int, n int, r int4range, t text);
CREATE TABLE b (id int PRIMARY KEY);
