CREATE SCHEMA s; CREATE TEXT SEARCH CONFIGURATION s.c (COPY = english);
CREATE TABLE t (b text, l regconfig DEFAULT 's.c', v tsvector GENERATED ALWAYS AS (to_tsvector('s.c', b)) STORED, CHECK (to_tsvector('s.c', b) <> ''));
CREATE FUNCTION f(x text) RETURNS tsquery LANGUAGE sql AS $$SELECT plainto_tsquery('s.c', x)$$;
