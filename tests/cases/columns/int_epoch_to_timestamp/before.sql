CREATE TABLE t (a bigint, b int DEFAULT 0, c double precision, d bigint DEFAULT extract(epoch from now()));
