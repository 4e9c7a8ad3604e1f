ALTER SCHEMA public OWNER TO app_writer; GRANT CREATE ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'it''s "ours"';
