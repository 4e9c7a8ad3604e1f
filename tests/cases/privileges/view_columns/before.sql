CREATE TABLE t(a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
GRANT SELECT ON v, m TO app_reader; GRANT SELECT (a) ON v TO app_reader; GRANT SELECT (a) ON m TO app_writer;
