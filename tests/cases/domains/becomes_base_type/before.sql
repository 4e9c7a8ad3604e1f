CREATE DOMAIN email AS text CHECK (VALUE ~ '@'); CREATE TABLE t (id int, e email NOT NULL, l email[]); CREATE INDEX i ON t (e); CREATE VIEW v AS SELECT e FROM t;
