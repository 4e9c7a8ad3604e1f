CREATE COLLATION c (locale = 'C');
CREATE TABLE a (t text COLLATE c);
