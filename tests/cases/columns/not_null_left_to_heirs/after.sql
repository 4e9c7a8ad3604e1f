CREATE TABLE base (id integer);
CREATE TABLE child (b integer NOT NULL) INHERITS (base);
CREATE TABLE grand () INHERITS (child);
CREATE TABLE keyed (id integer);
CREATE TABLE under_key (b integer NOT NULL) INHERITS (keyed);
CREATE TABLE top (id integer);
CREATE TABLE middle () INHERITS (top);
CREATE TABLE bottom (b integer NOT NULL) INHERITS (middle);
