CREATE FUNCTION gen() RETURNS text LANGUAGE sql AS $$ SELECT 'a' $$;
CREATE TABLE t (a text DEFAULT gen(), b int DEFAULT length(gen()), CHECK (b > length(gen())));
