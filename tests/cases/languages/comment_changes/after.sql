CREATE LANGUAGE plx HANDLER plpgsql_call_handler; COMMENT ON LANGUAGE plx IS 'it''s two';
