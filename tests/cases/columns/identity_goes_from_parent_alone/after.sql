CREATE TABLE base (id integer);
CREATE TABLE child (b integer NOT NULL) INHERITS (base);
