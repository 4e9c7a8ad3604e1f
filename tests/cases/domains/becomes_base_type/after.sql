CREATE TABLE t (id int, e text NOT NULL, l text[]); CREATE INDEX i ON t (e); CREATE VIEW v AS SELECT e FROM t;
