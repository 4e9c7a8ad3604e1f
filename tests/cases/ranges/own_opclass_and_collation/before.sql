CREATE COLLATION ci (provider = libc, locale = 'C'); CREATE TYPE r AS RANGE (subtype = varchar, collation = ci);
