CREATE TABLE there (n integer);
CREATE TABLE there_first () INHERITS (there);
ALTER TABLE there ADD CONSTRAINT there_n NOT NULL n NOT VALID;
CREATE TABLE there_last () INHERITS (there);
CREATE TABLE there_named (CONSTRAINT mine NOT NULL n) INHERITS (there);

CREATE TABLE loses (n integer);

CREATE TABLE new (n integer);
CREATE TABLE new_first () INHERITS (new);
CREATE TABLE new_below () INHERITS (new_first);
ALTER TABLE new ADD CONSTRAINT new_n NOT NULL n NOT VALID;
COMMENT ON CONSTRAINT new_n ON new IS 'not of all';
CREATE TABLE new_last () INHERITS (new);

CREATE TABLE split (id integer, n integer) PARTITION BY RANGE (id);
CREATE TABLE split_first PARTITION OF split FOR VALUES FROM (0) TO (10);
ALTER TABLE split ADD CONSTRAINT split_n NOT NULL n NOT VALID;
CREATE TABLE split_last PARTITION OF split FOR VALUES FROM (10) TO (20);

CREATE TABLE named (n integer CONSTRAINT named_n NOT NULL);
CREATE TABLE named_otherwise (CONSTRAINT otherwise NOT NULL n) INHERITS (named);
