CREATE TABLE t0 (c smallint);
