CREATE TABLE thing (id integer NOT NULL, sub text NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE thing_low PARTITION OF thing FOR VALUES FROM (0) TO (100) PARTITION BY HASH (sub);
CREATE INDEX thing_id_idx ON thing (id);
