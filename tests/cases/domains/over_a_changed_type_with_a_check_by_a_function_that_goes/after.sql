CREATE TYPE pair AS (x interval);
CREATE DOMAIN fine_pair AS pair CONSTRAINT is_fine CHECK (VALUE IS NOT NULL);
CREATE TABLE pairs (id integer, value pair);
