-- since 18
CREATE COLLATION c (provider = builtin, locale = 'C.UTF-8'); CREATE TABLE t (a text COLLATE c);
