CREATE EXTENSION vector; CREATE TABLE t (v halfvec(3), s sparsevec(5));
