CREATE TABLE t (a int CHECK (a >= 0), b text CHECK (b IN ('x', 'y', 'z')), c int, CONSTRAINT n CHECK (c > 0), CONSTRAINT nv CHECK (c < 100));
ALTER TABLE t ADD CONSTRAINT f CHECK (a < 10) NOT VALID;
COMMENT ON CONSTRAINT f ON t IS 'not yet';
