CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE DOMAIN d AS e DEFAULT 'a';
CREATE TYPE c AS (x e, n int);
CREATE TABLE t (x d, y c);
