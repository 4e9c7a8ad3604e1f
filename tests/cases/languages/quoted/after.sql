CREATE LANGUAGE "Lang ""x" HANDLER plpgsql_call_handler; COMMENT ON LANGUAGE "Lang ""x" IS 'it''s'; CREATE FUNCTION f() RETURNS int LANGUAGE "Lang ""x" AS 'BEGIN RETURN 1; END';
