CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY);
CREATE SEQUENCE s;
CREATE TABLE u (id bigint DEFAULT nextval('t_id_seq'));
-- A serial comes, under the name of the identity's sequence.
CREATE TABLE v (id bigint GENERATED ALWAYS AS IDENTITY);
CREATE TABLE w (id bigint DEFAULT nextval('v_id_seq'));
CREATE VIEW x AS SELECT nextval('v_id_seq') AS id;
-- The column goes.
CREATE TABLE y (id bigint GENERATED ALWAYS AS IDENTITY, a bigint DEFAULT nextval('y_id_seq'));
CREATE VIEW z AS SELECT nextval('y_id_seq') AS id;
