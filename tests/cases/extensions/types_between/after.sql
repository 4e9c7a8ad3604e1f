CREATE EXTENSION vector; CREATE TABLE t (v vector(3), s sparsevec(5) NOT NULL DEFAULT '{1:1}/5', g float8 GENERATED ALWAYS AS (vector_norm(v)) STORED);
