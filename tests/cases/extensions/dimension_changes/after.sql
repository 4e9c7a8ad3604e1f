CREATE EXTENSION vector; CREATE TABLE t (v vector); CREATE INDEX i ON t USING hnsw ((v::vector(3)) vector_cosine_ops) WITH (m = 8);
