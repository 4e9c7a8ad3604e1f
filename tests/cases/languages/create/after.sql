CREATE LANGUAGE plx HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION f() RETURNS int LANGUAGE plx AS 'begin return 1; end';
COMMENT ON LANGUAGE plx IS 'x';
