CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(a int) LANGUAGE plpgsql AS $$ begin null; end $$;
