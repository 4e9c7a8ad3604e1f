CREATE DOMAIN d AS int;
CREATE TABLE a (x int, y d);
