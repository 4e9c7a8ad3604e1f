CREATE TABLE p (a integer NOT NULL, b integer NOT NULL, CONSTRAINT pa UNIQUE (a, b)) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
COMMENT ON CONSTRAINT p1_a_b_key ON p1 IS 'which constraint it was';
COMMENT ON INDEX p1_a_b_key IS 'which index it was';
