GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO app_user WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(float8) TO app_user;
