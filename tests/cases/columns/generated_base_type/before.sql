CREATE TABLE t (a int, b text, g int GENERATED ALWAYS AS (a + 1) STORED, l int GENERATED ALWAYS AS (length(b)) STORED);
