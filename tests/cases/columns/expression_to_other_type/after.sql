CREATE TABLE thing (note varchar, small integer[]);
