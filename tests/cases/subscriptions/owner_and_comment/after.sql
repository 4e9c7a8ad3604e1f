DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'a_superuser') THEN CREATE ROLE a_superuser SUPERUSER; END IF; END$$;
CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE); COMMENT ON SUBSCRIPTION s IS 'it''s two'; ALTER SUBSCRIPTION s OWNER TO a_superuser;
