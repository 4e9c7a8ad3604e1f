CREATE TABLE src (id int, v text);
CREATE VIEW a AS SELECT id, v FROM src;
CREATE TABLE b (x int);
CREATE VIEW on_a AS SELECT * FROM a;
CREATE TABLE m (y int);
