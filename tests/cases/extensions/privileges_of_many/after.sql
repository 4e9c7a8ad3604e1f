CREATE EXTENSION pg_stat_statements;
GRANT EXECUTE ON FUNCTION pg_stat_statements_reset(oid,oid,bigint) TO app_reader;
REVOKE SELECT ON pg_stat_statements FROM PUBLIC;
CREATE EXTENSION postgres_fdw;
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO app_reader;
