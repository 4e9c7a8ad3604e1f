CREATE DOMAIN k AS text CHECK (VALUE IN ('a', 'b')); CREATE DOMAIN l AS varchar(5); CREATE TYPE m AS ENUM ('q', 'r');
CREATE TABLE t (k k DEFAULT 'b', l l[], m m DEFAULT 'q');
