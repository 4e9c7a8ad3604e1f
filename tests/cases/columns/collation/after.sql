CREATE TABLE t (a text, b varchar(10) COLLATE "C", c text COLLATE "C" PRIMARY KEY, d varchar(4));
CREATE INDEX i ON t (a, b COLLATE "C");
CREATE VIEW v AS SELECT a, c FROM t ORDER BY c;
