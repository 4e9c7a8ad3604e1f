CREATE TYPE person AS (name text, age int);
CREATE TABLE p OF person (PRIMARY KEY (name));
CREATE TABLE q (name text, age int);
