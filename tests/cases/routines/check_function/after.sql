CREATE TABLE t(a int, st text);
CREATE TABLE states(s text primary key);
CREATE FUNCTION ok(s text) RETURNS bool LANGUAGE plpgsql STABLE AS $$BEGIN RETURN s IN ('a','b','c'); END$$;
ALTER TABLE t ADD CONSTRAINT c CHECK (ok(st));
