CREATE TABLE parent (a integer NOT NULL);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE alone () INHERITS (parent);
CREATE TABLE grandchild () INHERITS (child, alone);
