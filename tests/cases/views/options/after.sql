CREATE TABLE a (n int, t text);
CREATE VIEW v WITH (security_barrier, security_invoker = true, check_option = local) AS SELECT n, t FROM a;
ALTER VIEW v ALTER n SET DEFAULT 5;
COMMENT ON COLUMN v.n IS 'x';
GRANT SELECT (n) ON v TO app_reader;
