CREATE TABLE split (key text NOT NULL, sub text) PARTITION BY LIST (key);
CREATE TABLE split_a PARTITION OF split FOR VALUES IN ('a') PARTITION BY LIST (key);
CREATE TABLE split_a_1 PARTITION OF split_a FOR VALUES IN ('a');
CREATE INDEX late ON split (key DESC);
CREATE INDEX later ON split (key) WHERE sub <> '';
