CREATE TABLE p (id int NOT NULL, t text);
CREATE TABLE c (x int) INHERITS (p);
CREATE TABLE d (y int CHECK (y > 0), id int DEFAULT 7) INHERITS (p);
