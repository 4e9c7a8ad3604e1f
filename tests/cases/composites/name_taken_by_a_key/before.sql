CREATE TYPE spot AS (x integer, y integer);
CREATE TABLE split (id integer NOT NULL, at spot) PARTITION BY RANGE (id);
CREATE TABLE split_rest PARTITION OF split DEFAULT;
