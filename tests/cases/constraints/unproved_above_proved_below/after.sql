CREATE TABLE split (id integer, n integer) PARTITION BY RANGE (id);
CREATE TABLE split_low PARTITION OF split FOR VALUES FROM (0) TO (100);
ALTER TABLE split ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
CREATE TABLE split_high PARTITION OF split FOR VALUES FROM (100) TO (200);

CREATE TABLE above (n integer);
CREATE TABLE heir () INHERITS (above);
CREATE TABLE other () INHERITS (above);
CREATE TABLE below () INHERITS (heir);
ALTER TABLE above ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
COMMENT ON CONSTRAINT positive ON above IS 'not all';
CREATE TABLE proved () INHERITS (above);

CREATE TABLE wide (n integer);
CREATE TABLE anew () INHERITS (wide);
ALTER TABLE wide ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
