CREATE SCHEMA "Audit log";
CREATE FUNCTION "Audit log"."On ""ddl"""() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER "On all; --" ON ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION "Audit log"."On ""ddl"""();
CREATE EVENT TRIGGER "it's" ON sql_drop EXECUTE FUNCTION "Audit log"."On ""ddl"""();
COMMENT ON EVENT TRIGGER "it's" IS 'it''s';
