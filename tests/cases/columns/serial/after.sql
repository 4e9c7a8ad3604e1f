CREATE TABLE a (id serial PRIMARY KEY, s smallserial);
