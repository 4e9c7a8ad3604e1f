CREATE TABLE t (id int PRIMARY KEY, a bigint, b text);
CREATE VIEW v AS SELECT a FROM t;
CREATE TABLE h (id int, a bigint);
CREATE TABLE i () INHERITS (h);
