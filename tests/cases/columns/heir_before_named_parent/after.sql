CREATE TABLE parent (id integer NOT NULL, note text NOT NULL);
CREATE TABLE heir () INHERITS (parent);
