CREATE TYPE r AS RANGE (subtype = int4); CREATE TABLE t (x r NOT NULL DEFAULT '[1,2)', m r_multirange);
