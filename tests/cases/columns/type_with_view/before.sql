CREATE TABLE a (id int, n int, t varchar(10));
CREATE VIEW v AS SELECT n, t FROM a;
CREATE VIEW w AS SELECT n FROM v;
GRANT SELECT ON w TO app_reader;
COMMENT ON VIEW v IS 'c';
