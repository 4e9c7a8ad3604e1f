CREATE EXTENSION vector; CREATE TABLE t (v vector(3)); CREATE INDEX i ON t USING ivfflat (v vector_ip_ops) WITH (lists = 20);
