CREATE DOMAIN d AS int;
CREATE TABLE a (x d, y int);
