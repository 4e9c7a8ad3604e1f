-- The old rows still have the old type, whose new form the new table does not use.
CREATE DOMAIN word AS text;
CREATE TYPE pair AS (w word, x bigint, y bigint, z bigint);
CREATE TABLE thing (id integer NOT NULL, value pair) PARTITION BY LIST (id);
