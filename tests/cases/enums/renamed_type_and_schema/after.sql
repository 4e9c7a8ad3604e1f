CREATE SCHEMA s; CREATE TYPE s.new_e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (e s.new_e DEFAULT 'b', f s.new_e[]); CREATE FUNCTION fn(s.new_e) RETURNS int LANGUAGE sql AS 'SELECT 1';
