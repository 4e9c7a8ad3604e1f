CREATE SCHEMA "Audit log";
CREATE FUNCTION "Audit log"."On ""ddl"""() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER "On all; --" ON ddl_command_start EXECUTE FUNCTION "Audit log"."On ""ddl"""();
