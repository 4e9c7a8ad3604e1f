CREATE COLLATION ci (provider = libc, locale = 'POSIX'); CREATE TYPE r AS RANGE (subtype = varchar, collation = ci); CREATE TABLE t (x r);
