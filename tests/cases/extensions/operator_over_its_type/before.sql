CREATE EXTENSION vector; CREATE TABLE t (v vector(2));
