CREATE TABLE t (id int, h jsonb, l int[]);
CREATE INDEX t_idx ON t USING gin (h);
