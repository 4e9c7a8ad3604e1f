CREATE TABLE first (id integer NOT NULL);
CREATE TABLE other (own integer) INHERITS (first);
CREATE TABLE split (id integer NOT NULL UNIQUE) PARTITION BY HASH (id);
CREATE TABLE unsplit (id integer REFERENCES split (id));
CREATE PUBLICATION pub FOR TABLE unsplit;
