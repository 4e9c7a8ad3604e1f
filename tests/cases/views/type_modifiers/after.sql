CREATE TABLE t(a numeric(12,2), c varchar(20));
CREATE VIEW v AS SELECT a, c FROM t;
CREATE VIEW w AS SELECT a::numeric(6,1) AS q FROM t;
