CREATE TABLE t (a int, b text, c jsonb, d int[], e tsvector, f point, g timestamptz);
CREATE INDEX i1 ON t (a DESC NULLS LAST) INCLUDE (b); CREATE INDEX i2 ON t (b COLLATE "C" varchar_pattern_ops); CREATE INDEX i3 ON t USING gin (c jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX i4 ON t USING gin (d, e); CREATE INDEX i5 ON t USING gist (e tsvector_ops (siglen = 100)); CREATE INDEX i6 ON t USING brin (g timestamptz_minmax_multi_ops (values_per_range = 32));
CREATE INDEX i7 ON t (a) WITH (fillfactor = 50, deduplicate_items = off); CREATE INDEX i8 ON t (((c ->> 'y')::int), lower(b)); CREATE UNIQUE INDEX i9 ON t (b) WHERE a IS NOT NULL;
ALTER INDEX i8 ALTER COLUMN 1 SET STATISTICS 200;
COMMENT ON INDEX i9 IS 'nine';
