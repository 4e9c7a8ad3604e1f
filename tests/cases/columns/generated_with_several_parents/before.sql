CREATE TABLE p (k int, a int, g int GENERATED ALWAYS AS (k + 1) STORED);
CREATE TABLE q (k int, b int, g int GENERATED ALWAYS AS (k + 1) STORED);
CREATE TABLE c (z text) INHERITS (p, q);
