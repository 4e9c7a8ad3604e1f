CREATE TRUSTED LANGUAGE mylang HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler;
CREATE FUNCTION f() RETURNS int LANGUAGE mylang AS 'BEGIN RETURN 1; END'; GRANT USAGE ON LANGUAGE mylang TO app_writer; ALTER LANGUAGE mylang OWNER TO alice;
