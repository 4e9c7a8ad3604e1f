CREATE TABLE y (id int PRIMARY KEY, a text);
CREATE TABLE x (id int PRIMARY KEY, b int);
CREATE INDEX xi ON y (a); CREATE INDEX yi ON x (b);
