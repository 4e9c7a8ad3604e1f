CREATE TABLE split (id integer NOT NULL, words text[]) PARTITION BY RANGE (id);
CREATE TABLE split_low PARTITION OF split FOR VALUES FROM (0) TO (100);
-- The server numbers the partitions' keys and indexes as the parent's are made.
ALTER TABLE split ADD CONSTRAINT one UNIQUE (id);
ALTER TABLE split ADD CONSTRAINT other UNIQUE (id) DEFERRABLE;
CREATE INDEX a ON split (words);
CREATE INDEX b ON split USING gin (words);
CREATE INDEX c ON split USING hash (words);
