CREATE TYPE addr AS (street text, no bigint, city text);
CREATE TYPE plain AS (street text, no int);
CREATE TYPE inside AS (at addr, since date);
CREATE TABLE person (id int, home addr, others addr[], before inside, at plain);
CREATE VIEW known AS SELECT (home).street FROM person;
