CREATE TABLE t (a bigint, b varchar(30), g bigint GENERATED ALWAYS AS (a + 1) STORED, l int GENERATED ALWAYS AS (length(b)) STORED);
