CREATE TABLE t (id serial, a integer, b serial);
ALTER SEQUENCE t_id_seq SET UNLOGGED;
