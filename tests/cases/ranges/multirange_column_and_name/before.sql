CREATE TYPE r AS RANGE (subtype = numeric); CREATE TABLE t (id int, m r_multirange, l r_multirange[]); CREATE INDEX i ON t USING gist (m);
