CREATE TYPE k AS ENUM ('a', 'b'); CREATE TYPE l AS ENUM ('x'); CREATE DOMAIN m AS text;
CREATE TABLE t (k k DEFAULT 'a', l l[], m m);
