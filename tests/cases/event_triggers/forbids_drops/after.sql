CREATE TABLE t (a int);
CREATE FUNCTION no_drop() RETURNS event_trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'nothing is dropped here'; END$$;
CREATE EVENT TRIGGER no_drop ON ddl_command_start WHEN TAG IN ('DROP TABLE', 'DROP VIEW', 'ALTER TABLE') EXECUTE FUNCTION no_drop();
