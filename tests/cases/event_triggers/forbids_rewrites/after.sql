CREATE TABLE t (a bigint);
CREATE FUNCTION no_rewrite() RETURNS event_trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'no rewrite'; END$$;
CREATE EVENT TRIGGER no_rewrite ON table_rewrite EXECUTE FUNCTION no_rewrite();
COMMENT ON EVENT TRIGGER no_rewrite IS 'on';
