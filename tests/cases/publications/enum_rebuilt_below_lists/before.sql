CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, x e);
CREATE TABLE h (y int) INHERITS (t);
CREATE PUBLICATION p FOR TABLE ONLY t (id, x), h (x, y);
