-- The partition's key that stays has the number of one that goes.
CREATE TABLE split (id integer NOT NULL, sub text) PARTITION BY RANGE (id);
CREATE TABLE split_low PARTITION OF split FOR VALUES FROM (0) TO (100);
ALTER TABLE split ADD CONSTRAINT early UNIQUE (id) DEFERRABLE;
ALTER TABLE split ADD CONSTRAINT middle UNIQUE (id) INCLUDE (sub);
ALTER TABLE split ADD CONSTRAINT late UNIQUE (id);
