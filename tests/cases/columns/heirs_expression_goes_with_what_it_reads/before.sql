-- The column that an expression reads goes in the same plan, from heirs and partitions as well.
CREATE TABLE reading (id integer, raw integer NOT NULL, level bigint GENERATED ALWAYS AS (raw + 1) STORED);
CREATE TABLE indoor () INHERITS (reading);
CREATE TABLE cellar () INHERITS (indoor);

CREATE TABLE sale (
    id integer, net integer NOT NULL, gross bigint GENERATED ALWAYS AS (net * 2) STORED
) PARTITION BY LIST (id);
CREATE TABLE sale_rest PARTITION OF sale DEFAULT;
