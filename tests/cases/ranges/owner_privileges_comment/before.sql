CREATE TYPE r AS RANGE (subtype = float8); COMMENT ON TYPE r IS 'one'; GRANT USAGE ON TYPE r TO app_reader; ALTER TYPE r OWNER TO app_writer;
