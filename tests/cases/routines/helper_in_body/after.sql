CREATE TABLE t(a text, b text);
CREATE FUNCTION zhelper(x text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(x)';
CREATE FUNCTION norm(x text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN public.zhelper(x); END';
CREATE INDEX ti ON t(norm(a));
ALTER TABLE t ADD CONSTRAINT ck CHECK (norm(a) <> 'x');
ALTER TABLE t ADD COLUMN g text GENERATED ALWAYS AS (norm(a)) STORED;
