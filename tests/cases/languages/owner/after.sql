CREATE LANGUAGE l HANDLER plpgsql_call_handler; COMMENT ON LANGUAGE l IS 'mine';
