CREATE TABLE t (id serial, v int); CREATE TABLE keep (k bigserial PRIMARY KEY);
