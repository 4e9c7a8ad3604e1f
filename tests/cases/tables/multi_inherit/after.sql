CREATE TABLE a (x bigint NOT NULL, w int, CHECK (x > 1));
CREATE TABLE b (y text DEFAULT 'c' NOT NULL);
CREATE TABLE c (z int DEFAULT 4) INHERITS (a, b);
CREATE TABLE d (own int) INHERITS (c);
