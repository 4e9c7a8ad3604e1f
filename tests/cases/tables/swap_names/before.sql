CREATE TABLE x (id int PRIMARY KEY, a text);
CREATE TABLE y (id int PRIMARY KEY, b int);
CREATE INDEX xi ON x (a); CREATE INDEX yi ON y (b);
