-- What is said of the parent's column after it came is said of the heir's, too, and taken back.
CREATE TABLE thing (id integer);
CREATE TABLE heir () INHERITS (thing);
