CREATE EXTENSION pg_stat_statements;
CREATE EXTENSION postgres_fdw;
