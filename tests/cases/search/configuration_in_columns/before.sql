CREATE TEXT SEARCH CONFIGURATION c (COPY = simple);
CREATE TABLE t (b text, l regconfig DEFAULT 'c', v tsvector GENERATED ALWAYS AS (to_tsvector('c', b)) STORED, CHECK (to_tsvector('c', b) <> ''));
CREATE FUNCTION f(x text) RETURNS tsquery LANGUAGE sql AS $$SELECT plainto_tsquery('public.c', x)$$;
