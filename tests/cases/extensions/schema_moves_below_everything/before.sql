-- since 18
CREATE SCHEMA x; CREATE SCHEMA ext;
CREATE EXTENSION vector SCHEMA x; SET search_path = public, x;
CREATE TABLE t (
    id int, v vector(3) DEFAULT '[1,2,3]', words text DEFAULT 'x.vector',
    CONSTRAINT near CHECK (v <-> '[1,1,1]' < 100)
);
CREATE INDEX ON t USING hnsw (v vector_l2_ops);
CREATE VIEW closest AS SELECT id, v <-> '[0,0,0]' AS far FROM t;
CREATE POLICY p ON t USING (vector_dims(v) = 3);
CREATE FUNCTION body() RETURNS int LANGUAGE sql AS 'SELECT x.vector_dims(v) FROM t';
CREATE FUNCTION dims(vector) RETURNS int IMMUTABLE LANGUAGE sql RETURN vector_dims($1);
CREATE FUNCTION first() RETURNS int LANGUAGE sql RETURN (SELECT vector_dims(v) FROM t LIMIT 1);
CREATE TABLE x.vectors (id int);
CREATE VIEW x.others AS SELECT id FROM x.vectors;
COMMENT ON TABLE t IS 'of x.vector';
