CREATE TYPE r AS RANGE (subtype = numeric, multirange_type_name = many); CREATE TABLE t (id int, m many, l many[]);  CREATE INDEX i ON t USING gist (m);
