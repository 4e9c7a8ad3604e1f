CREATE TABLE a (id serial PRIMARY KEY, t text);
