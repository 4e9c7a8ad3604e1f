CREATE TABLE thing (id integer, note text);
CREATE VIEW things AS SELECT id, note FROM thing;
CREATE FUNCTION counted() RETURNS integer LANGUAGE sql STABLE
BEGIN ATOMIC SELECT count(*)::integer FROM things; END;
ALTER TABLE thing ALTER COLUMN id SET DEFAULT counted();
