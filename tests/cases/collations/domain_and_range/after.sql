CREATE COLLATION c (locale = 'POSIX'); CREATE DOMAIN d AS text COLLATE c CHECK (VALUE <> ''); CREATE TYPE r AS RANGE (subtype = text, collation = c); CREATE TABLE t (a d, b r);
