CREATE TABLE a (id int, n bigint, t varchar(20));
CREATE VIEW v AS SELECT n, t FROM a;
CREATE VIEW w AS SELECT n FROM v;
GRANT SELECT ON w TO app_reader;
COMMENT ON VIEW v IS 'c';
