CREATE TABLE parent (a integer NOT NULL);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE alone (a integer NOT NULL);
