CREATE SCHEMA "S";
CREATE FUNCTION "S"."Fn x"("A b" int, "select" text DEFAULT 'a''b') RETURNS int LANGUAGE plpgsql AS $f$BEGIN RETURN "A b"; END$f$;
COMMENT ON FUNCTION "S"."Fn x"(int,text) IS 'it''s';
