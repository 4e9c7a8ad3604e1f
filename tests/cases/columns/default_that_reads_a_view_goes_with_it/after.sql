CREATE TABLE thing (id integer NOT NULL);
