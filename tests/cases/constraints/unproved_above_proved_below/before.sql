-- A check goes back to NOT VALID, but not where partitions and heirs came after it; where they
-- came before it, they are as their parent is.
CREATE TABLE split (id integer, n integer, CONSTRAINT positive CHECK (n > 0)) PARTITION BY RANGE (id);
CREATE TABLE split_low PARTITION OF split FOR VALUES FROM (0) TO (100);
CREATE TABLE split_high PARTITION OF split FOR VALUES FROM (100) TO (200);

CREATE TABLE above (n integer);
CREATE TABLE heir () INHERITS (above);
ALTER TABLE above ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
CREATE TABLE proved () INHERITS (above);
COMMENT ON CONSTRAINT positive ON above IS 'not all';

CREATE TABLE wide (n integer);
CREATE TABLE anew (n integer) PARTITION BY HASH (n);
ALTER TABLE wide ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
