CREATE TABLE t (id serial PRIMARY KEY, n smallserial);
CREATE TABLE big (id bigserial);
