-- The heirs' defaults count on a sequence that goes with their parent's column.
CREATE TABLE item (id integer, place serial);
CREATE TABLE plain_item () INHERITS (item);
CREATE VIEW places AS SELECT place FROM plain_item;

CREATE TABLE event (id integer, number serial);
CREATE TABLE numbered (note text) INHERITS (event);

CREATE TABLE top (id integer, number serial);
CREATE TABLE middle () INHERITS (top);
CREATE TABLE bottom () INHERITS (middle);
