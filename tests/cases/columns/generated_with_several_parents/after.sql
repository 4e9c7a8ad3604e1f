CREATE TABLE p (k int, a int, g bigint GENERATED ALWAYS AS (k + 2) STORED);
CREATE TABLE q (k int, b int, g bigint GENERATED ALWAYS AS (k + 2) STORED);
CREATE TABLE c (z text) INHERITS (p, q);
