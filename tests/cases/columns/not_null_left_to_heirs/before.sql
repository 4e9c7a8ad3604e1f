CREATE TABLE base (id integer, b integer NOT NULL);
CREATE TABLE child () INHERITS (base);
CREATE TABLE grand () INHERITS (child);
CREATE TABLE keyed (id integer, b integer PRIMARY KEY);
CREATE TABLE under_key () INHERITS (keyed);
CREATE TABLE top (id integer, b integer CONSTRAINT given NOT NULL);
CREATE TABLE middle () INHERITS (top);
CREATE TABLE bottom () INHERITS (middle);
