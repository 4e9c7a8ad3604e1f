CREATE TABLE split (part integer NOT NULL, n integer) PARTITION BY LIST (part);
CREATE TABLE split_rest PARTITION OF split DEFAULT;
COMMENT ON TABLE split IS 'another';
