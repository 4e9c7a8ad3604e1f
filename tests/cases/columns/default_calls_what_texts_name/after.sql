CREATE TABLE item (id integer);
CREATE TABLE part (id integer);
CREATE FUNCTION how_many() RETURNS integer LANGUAGE plpgsql STABLE
AS $$ BEGIN RETURN (SELECT count(*)::integer FROM public.part); END $$;
CREATE FUNCTION counted() RETURNS integer LANGUAGE sql STABLE SET search_path = public
AS $$ SELECT public.how_many() $$;
ALTER TABLE item ADD COLUMN size integer DEFAULT counted();
ALTER TABLE part ALTER COLUMN id SET DEFAULT counted();
