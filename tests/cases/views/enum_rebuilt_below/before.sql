CREATE TYPE st AS ENUM ('a','b');
CREATE TABLE t(id int, s st, d date);
CREATE VIEW v AS SELECT id, s, d FROM t WHERE s = 'a';
