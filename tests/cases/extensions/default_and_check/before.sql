CREATE EXTENSION vector; CREATE TABLE t (id int, v vector(3) DEFAULT '[1,2,3]');
