CREATE TABLE t (id int, b text, n numeric(7, 2) CONSTRAINT positive CHECK (n > 0));
CREATE UNIQUE INDEX t_lower ON t (lower(b));
CREATE UNIQUE INDEX t_some ON t (id) WHERE b = 'x';
CREATE INDEX t_upper ON t (upper(b));
CREATE UNIQUE INDEX t_n ON t (n) WHERE n > 1;
