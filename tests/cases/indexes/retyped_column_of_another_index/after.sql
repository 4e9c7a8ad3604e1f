CREATE TABLE t (id int, h text, l int[]);
CREATE INDEX t_idx ON t USING gin (l);
