CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE u (id int PRIMARY KEY, z int); CREATE TABLE w (id int PRIMARY KEY, z int);
CREATE PUBLICATION pb FOR TABLE t (id, a), u (id, z), w (id, z);
