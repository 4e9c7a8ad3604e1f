CREATE SCHEMA audit;
CREATE TABLE audit.log (at timestamptz DEFAULT now(), tag text);
CREATE FUNCTION audit.note() RETURNS event_trigger LANGUAGE plpgsql AS
$$BEGIN INSERT INTO audit.log (tag) VALUES (tg_tag); END$$;
CREATE EVENT TRIGGER note_all ON ddl_command_end EXECUTE FUNCTION audit.note();
CREATE TABLE t (a int PRIMARY KEY);
CREATE VIEW v AS SELECT a FROM t;
