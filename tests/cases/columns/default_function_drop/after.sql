CREATE FUNCTION gen() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TABLE t (a text DEFAULT gen()::text, b int DEFAULT gen(), CHECK (b > gen()));
