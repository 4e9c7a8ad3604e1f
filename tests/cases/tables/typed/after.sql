CREATE TYPE person AS (name text, age bigint, mail text);
CREATE TABLE p OF person (name WITH OPTIONS DEFAULT 'n', PRIMARY KEY (name), CHECK (age > 0));
CREATE TABLE q OF person;
