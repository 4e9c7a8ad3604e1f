CREATE TABLE a (id int, t text);
CREATE VIEW b AS SELECT 1 AS x;
