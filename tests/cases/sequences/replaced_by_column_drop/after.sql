CREATE TABLE t (new_id serial PRIMARY KEY, v int); CREATE SEQUENCE t_id_seq AS int START 5;
