CREATE TRUSTED LANGUAGE mylang HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION f() RETURNS int LANGUAGE mylang AS 'BEGIN RETURN 1; END'; GRANT USAGE ON LANGUAGE mylang TO app_reader; COMMENT ON LANGUAGE mylang IS 'q';
