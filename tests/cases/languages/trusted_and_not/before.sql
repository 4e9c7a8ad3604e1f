CREATE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator; CREATE LANGUAGE gone HANDLER plpgsql_call_handler;
