CREATE TABLE t (key text, v integer) PARTITION BY LIST (key);
CREATE TABLE t_0 (key text, v integer);
