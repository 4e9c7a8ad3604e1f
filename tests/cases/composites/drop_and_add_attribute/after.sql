CREATE TYPE c AS (a int, z int, n date); CREATE TABLE t (v c); CREATE INDEX i ON t (((v).a)); COMMENT ON COLUMN c.n IS 'en';
