CREATE TABLE base (id int, name text, kind int);
CREATE TABLE k1 (n int) INHERITS (base);
CREATE TABLE k2 (m int) INHERITS (base);
CREATE TABLE k11 (o int) INHERITS (k1);
CREATE VIEW v AS SELECT name FROM k11;
CREATE VIEW v2 AS SELECT name FROM k2;
