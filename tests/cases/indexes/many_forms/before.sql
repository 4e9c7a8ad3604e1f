CREATE TABLE t (a int, b text, c jsonb, d int[], e tsvector, f point, g timestamptz);
CREATE INDEX i1 ON t (a); CREATE INDEX i2 ON t (b text_pattern_ops); CREATE INDEX i3 ON t USING gin (c); CREATE INDEX i4 ON t USING gin (d);
CREATE INDEX i5 ON t USING gist (f); CREATE INDEX i6 ON t USING brin (g) WITH (pages_per_range = 16); CREATE INDEX i7 ON t USING hash (a);
CREATE INDEX i8 ON t ((c ->> 'x')) WHERE c ? 'x'; CREATE INDEX i9 ON t USING spgist (b);
