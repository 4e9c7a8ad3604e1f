CREATE TYPE e AS ENUM ('a', 'b', 'c', 'd', 'f');
CREATE TABLE a (x e DEFAULT 'c');
CREATE TYPE f AS ENUM ();
COMMENT ON TYPE e IS 'x';
