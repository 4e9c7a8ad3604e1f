CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE TABLE t (x e, y int, z e[]); CREATE STATISTICS s (mcv) ON x, y FROM t; COMMENT ON STATISTICS s IS 'kept';
