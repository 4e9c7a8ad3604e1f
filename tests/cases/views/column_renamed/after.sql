CREATE TABLE t(id int primary key, a text, b int);
CREATE VIEW v AS SELECT id, a AS y FROM t;
CREATE VIEW w AS SELECT y AS x, id FROM v;
GRANT SELECT ON v TO app_reader; GRANT SELECT (x) ON w TO app_writer;
COMMENT ON VIEW v IS 'vee'; COMMENT ON COLUMN w.x IS 'ex';
