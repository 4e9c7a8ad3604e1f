CREATE TABLE log (tag text);
CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS
$$BEGIN INSERT INTO public.log (tag) VALUES (tg_tag); END$$;
CREATE EVENT TRIGGER note_all ON ddl_command_end EXECUTE FUNCTION note();
CREATE TABLE t (a int);
