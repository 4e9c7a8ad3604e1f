CREATE TABLE reading (id integer, level text DEFAULT 'none' NOT NULL);
CREATE TABLE indoor () INHERITS (reading);
CREATE TABLE cellar () INHERITS (indoor);

CREATE TABLE sale (id integer, gross bigint) PARTITION BY LIST (id);
CREATE TABLE sale_rest PARTITION OF sale DEFAULT;
