CREATE SCHEMA s; CREATE COLLATION "C ""c" (locale = 'C'); CREATE TABLE t (a text COLLATE "C ""c");
