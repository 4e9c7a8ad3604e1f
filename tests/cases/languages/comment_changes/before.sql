CREATE LANGUAGE plx HANDLER plpgsql_call_handler; COMMENT ON LANGUAGE plx IS 'one'; COMMENT ON LANGUAGE plpgsql IS 'mine';
