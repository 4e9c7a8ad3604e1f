-- since 16
CREATE TABLE t (a text, b text, c jsonb, d text);
ALTER TABLE t ALTER a SET STORAGE MAIN, ALTER c SET STATISTICS 0, ALTER d SET (n_distinct = 100, n_distinct_inherited = 5), ALTER c SET STORAGE PLAIN;
