CREATE TYPE a AS RANGE (subtype = int); CREATE TYPE b AS RANGE (subtype = date); CREATE TABLE t (id int);
