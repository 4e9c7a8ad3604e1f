-- since 16
CREATE TABLE t (a text STORAGE EXTERNAL, b text, c jsonb, d text);
ALTER TABLE t ALTER b SET COMPRESSION pglz, ALTER c SET STATISTICS 500, ALTER d SET (n_distinct = -0.5);
