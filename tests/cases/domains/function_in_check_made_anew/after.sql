CREATE FUNCTION slug(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS 'SELECT lower(words)';
CREATE DOMAIN slugs AS TEXT DEFAULT slug('N') CHECK (slug(VALUE) = VALUE) CHECK (VALUE <> 'zz');
COMMENT ON CONSTRAINT slugs_check ON DOMAIN slugs IS 'as it should be';
COMMENT ON DOMAIN slugs IS 'parts of an address';
CREATE TABLE pages (path slugs NOT NULL);
