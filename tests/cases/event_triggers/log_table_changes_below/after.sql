CREATE TABLE log (tag text, who name NOT NULL DEFAULT current_user);
CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS
$$BEGIN INSERT INTO public.log (tag, who) VALUES (tg_tag, session_user); END$$;
CREATE EVENT TRIGGER note_all ON ddl_command_end EXECUTE FUNCTION note();
CREATE TABLE t (a bigint, b text);
