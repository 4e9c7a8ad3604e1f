CREATE TABLE t (id int, a int, b text); CREATE INDEX i ON t (b);
