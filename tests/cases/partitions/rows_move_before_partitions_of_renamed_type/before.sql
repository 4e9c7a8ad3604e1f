CREATE TYPE spot AS (x integer, y integer);
CREATE TABLE split (id integer NOT NULL, at integer DEFAULT (ROW(1, 2)::spot).x) PARTITION BY RANGE (id);
CREATE TABLE split_rest PARTITION OF split DEFAULT;
