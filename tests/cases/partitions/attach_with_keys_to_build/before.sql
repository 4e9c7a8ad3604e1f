CREATE TABLE t (
    k integer, v integer, w integer, PRIMARY KEY (k), CONSTRAINT two UNIQUE (k, v)
) PARTITION BY LIST (k);
CREATE TABLE t_1 (k integer NOT NULL, v integer, w integer);
CREATE TABLE t_2 (
    k integer NOT NULL, v integer, w integer, CONSTRAINT t_2_pkey PRIMARY KEY (k)
) PARTITION BY LIST (k);
CREATE TABLE t_2_2 PARTITION OF t_2 FOR VALUES IN (2);
