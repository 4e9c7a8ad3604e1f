CREATE SEQUENCE v;
CREATE TABLE t (a int DEFAULT nextval('v'));
CREATE VIEW w AS SELECT nextval('v') AS a;
