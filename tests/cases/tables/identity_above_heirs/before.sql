CREATE TABLE p (a int); CREATE TABLE h (b int) INHERITS (p);
