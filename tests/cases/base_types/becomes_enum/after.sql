CREATE TYPE bt AS ENUM ('x', 'y'); CREATE TABLE t (n int, a bt);
