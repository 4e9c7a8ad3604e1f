CREATE TABLE split (id integer NOT NULL, sub text NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE split_low PARTITION OF split FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
CREATE TABLE split_low_1 PARTITION OF split_low FOR VALUES FROM (0) TO (10);
-- The partitions' keys are numbered: the first goes, and the next three move up.
ALTER TABLE split ADD CONSTRAINT first UNIQUE (id);
ALTER TABLE split ADD CONSTRAINT otherwise UNIQUE NULLS NOT DISTINCT (id);
ALTER TABLE split ADD CONSTRAINT second UNIQUE (id);
ALTER TABLE split ADD CONSTRAINT third UNIQUE (id);
