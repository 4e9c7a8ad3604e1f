CREATE SCHEMA s; CREATE TYPE old_e AS ENUM ('a', 'b'); CREATE TABLE t (e old_e DEFAULT 'a', f old_e[]); CREATE FUNCTION fn(old_e) RETURNS int LANGUAGE sql AS 'SELECT 1';
