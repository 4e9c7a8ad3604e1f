CREATE TABLE split (id text NOT NULL, note text) PARTITION BY LIST (id);
CREATE TABLE split_low PARTITION OF split FOR VALUES IN ('1');
