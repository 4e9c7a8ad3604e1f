CREATE TYPE e AS ENUM ('c', 'a'); CREATE TABLE t (x e, y bigint, z e[]); CREATE STATISTICS s (mcv) ON x, y FROM t; COMMENT ON STATISTICS s IS 'kept';
