CREATE TABLE t (a int8range, b bigint, c text, CONSTRAINT e EXCLUDE USING gist (a WITH &&) WHERE (b > 1) DEFERRABLE, CONSTRAINT e2 EXCLUDE USING hash (b WITH =));
