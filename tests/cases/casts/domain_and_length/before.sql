CREATE TYPE k AS (x int); CREATE FUNCTION k2v(k, int, bool) RETURNS varchar LANGUAGE sql IMMUTABLE AS $$SELECT 'x'::varchar$$; CREATE CAST (k AS varchar) WITH FUNCTION k2v(k, int, bool);
