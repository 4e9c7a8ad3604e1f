CREATE TABLE p (id int, t varchar(5));
CREATE TABLE c (x int) INHERITS (p);
CREATE TABLE d () INHERITS (c);
