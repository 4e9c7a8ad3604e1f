CREATE TABLE t (a int); CREATE INDEX i ON t USING hash (a); COMMENT ON INDEX i IS 'hash';
