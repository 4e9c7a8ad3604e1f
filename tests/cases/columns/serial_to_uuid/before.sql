CREATE TABLE t (id serial PRIMARY KEY, v text);
CREATE TABLE c (t_id int REFERENCES t);
