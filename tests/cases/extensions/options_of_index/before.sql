CREATE EXTENSION vector; CREATE TABLE t (v vector(3)); CREATE INDEX i ON t USING ivfflat (v vector_l2_ops) WITH (lists = 10);
