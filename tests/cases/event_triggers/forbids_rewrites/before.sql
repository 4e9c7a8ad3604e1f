CREATE TABLE t (a int);
CREATE FUNCTION no_rewrite() RETURNS event_trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'no rewrite'; END$$;
CREATE EVENT TRIGGER no_rewrite ON table_rewrite EXECUTE FUNCTION no_rewrite();
ALTER EVENT TRIGGER no_rewrite DISABLE;
