CREATE SEQUENCE t_id_seq; CREATE TABLE w (a int DEFAULT nextval('t_id_seq'));
