CREATE TABLE p (id int NOT NULL, t text);
CREATE TABLE c (id int NOT NULL, t text, x int);
