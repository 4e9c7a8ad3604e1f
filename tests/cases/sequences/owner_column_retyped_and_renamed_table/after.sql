CREATE TABLE t2 (id serial, v int); CREATE TABLE keep (k serial PRIMARY KEY);
