CREATE SEQUENCE s;
CREATE TABLE t (id int DEFAULT nextval('s'));
CREATE TABLE u (id int DEFAULT nextval('s'));
-- A serial comes, under the name of the identity's sequence.
CREATE TABLE v (id bigserial);
CREATE TABLE w (id bigint DEFAULT nextval('v_id_seq'));
CREATE VIEW x AS SELECT nextval('v_id_seq') AS id;
-- The column goes.
CREATE TABLE y (a bigint);
CREATE VIEW z AS SELECT 1::bigint AS id;
