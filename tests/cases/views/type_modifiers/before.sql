CREATE TABLE t(a numeric(10,2), c varchar(10));
CREATE VIEW v AS SELECT a, c FROM t;
CREATE VIEW w AS SELECT a::numeric(5,1) AS q FROM t;
