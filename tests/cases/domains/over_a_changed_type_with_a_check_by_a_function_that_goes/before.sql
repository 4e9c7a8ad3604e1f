CREATE TYPE pair AS (x timestamp(3));
CREATE FUNCTION is_fine(i integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT i > 0';
CREATE DOMAIN fine_pair AS pair CONSTRAINT is_fine CHECK (VALUE IS NULL OR is_fine(9));
CREATE TABLE pairs (id integer, value pair);
