CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE a (x e NOT NULL DEFAULT 'a');
