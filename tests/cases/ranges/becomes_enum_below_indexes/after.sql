CREATE TYPE k AS ENUM ('a', 'b');
CREATE DOMAIN d AS text;
CREATE TABLE t (id int PRIMARY KEY, x k, y k, z d);
CREATE UNIQUE INDEX i ON t (x);
CREATE INDEX j ON t USING hash (y);
