CREATE TABLE a (id int, n int, "ON ((" text);
CREATE TABLE b (id int, n int);
CREATE TABLE c (id int, n int);
