CREATE TYPE pair AS (x text, y text, z text);
CREATE TABLE thing (id integer NOT NULL, value text) PARTITION BY RANGE (id);
