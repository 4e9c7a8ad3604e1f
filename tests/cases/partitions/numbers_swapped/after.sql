CREATE TABLE split (id integer NOT NULL, words text[]) PARTITION BY RANGE (id);
CREATE TABLE split_low PARTITION OF split FOR VALUES FROM (0) TO (100);
ALTER TABLE split ADD CONSTRAINT other UNIQUE (id) DEFERRABLE;
ALTER TABLE split ADD CONSTRAINT one UNIQUE (id);
CREATE INDEX c ON split USING hash (words);
CREATE INDEX a ON split (words);
CREATE INDEX b ON split USING gin (words);
