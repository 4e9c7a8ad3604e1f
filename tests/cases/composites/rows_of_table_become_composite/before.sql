CREATE TABLE addr (id int PRIMARY KEY, street text, no int);
CREATE TABLE plain (street text, no int);
CREATE TYPE inside AS (at addr, since date);
CREATE TABLE person (id int, home addr, others addr[], before inside, at plain);
CREATE VIEW known AS SELECT street FROM addr;
