-- since 18
CREATE COLLATION c (provider = builtin, locale = 'PG_UNICODE_FAST'); CREATE TABLE t (a text COLLATE c PRIMARY KEY); CREATE COLLATION d (provider = builtin, locale = 'C');
