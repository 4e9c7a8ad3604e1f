CREATE TYPE e AS ENUM ('b', 'd');
CREATE TABLE a (x e);
