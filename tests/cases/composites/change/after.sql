CREATE TYPE c AS (a bigint, z text COLLATE "C", b text);
CREATE TYPE d AS (a int, b text, e date);
CREATE TABLE t (x int, d d);
COMMENT ON TYPE c IS 'x';
COMMENT ON COLUMN c.z IS 'y';
