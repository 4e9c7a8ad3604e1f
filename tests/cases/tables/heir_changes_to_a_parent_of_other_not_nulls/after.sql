CREATE TABLE kept (note text NOT NULL);
CREATE TABLE joined (id integer NOT NULL, sub text NOT NULL, note text CONSTRAINT written NOT NULL);
CREATE TABLE heir () INHERITS (kept, joined);
