CREATE TABLE t (id serial); CREATE TABLE w (a int DEFAULT nextval('t_id_seq'));
