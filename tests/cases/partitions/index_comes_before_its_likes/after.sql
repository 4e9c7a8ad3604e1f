CREATE TABLE split (key text NOT NULL, sub text) PARTITION BY LIST (key);
CREATE TABLE split_a PARTITION OF split FOR VALUES IN ('a') PARTITION BY LIST (key);
CREATE TABLE split_a_1 PARTITION OF split_a FOR VALUES IN ('a');
-- The server numbers the partitions' indexes: those of the others are moved by one.
CREATE INDEX early ON split USING brin (key);
CREATE INDEX late ON split (key DESC);
CREATE INDEX later ON split (key) WHERE sub <> '';
