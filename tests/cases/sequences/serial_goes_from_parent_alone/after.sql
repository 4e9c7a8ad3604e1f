CREATE TABLE item (id integer);
CREATE TABLE plain_item (place integer NOT NULL) INHERITS (item);
CREATE VIEW places AS SELECT place FROM plain_item;

CREATE TABLE event (id integer);
CREATE TABLE numbered (number serial, note text) INHERITS (event);

CREATE TABLE top (id integer);
CREATE TABLE middle () INHERITS (top);
CREATE TABLE bottom (number bigserial) INHERITS (middle);
