CREATE TABLE b (id int, t text);
CREATE VIEW a AS SELECT 1 AS x;
