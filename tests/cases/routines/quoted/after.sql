CREATE SCHEMA "S";
CREATE FUNCTION "S"."Fn x"("A b" int, "select" text DEFAULT 'a''c', "x" "char" DEFAULT 'q') RETURNS int LANGUAGE plpgsql AS $f$BEGIN RETURN "A b"; END$f$;
COMMENT ON FUNCTION "S"."Fn x"(int,text,"char") IS 'it''s';
CREATE FUNCTION "S".o(x timestamp with time zone, y "char"[], z numeric) RETURNS void LANGUAGE sql AS '';
GRANT EXECUTE ON FUNCTION "S".o TO "odd ""role";
COMMENT ON FUNCTION "S".o IS 'o';
