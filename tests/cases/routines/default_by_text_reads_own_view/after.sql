CREATE TABLE orders (
    id integer NOT NULL,
    title text,
    number integer
);
CREATE VIEW numbered AS SELECT id, number FROM orders;
CREATE FUNCTION next_number() RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(max(number), 0) + 1 FROM numbered);
END
$$;
ALTER TABLE orders ALTER COLUMN number SET DEFAULT next_number();

CREATE TABLE places (
    id integer,
    title text,
    number integer
);
CREATE FUNCTION places_number() RETURNS integer LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(max(number), 0) + 1 FROM places;
END;
CREATE FUNCTION next_place() RETURNS integer LANGUAGE sql STABLE AS $$ SELECT places_number() $$;
ALTER TABLE places ALTER COLUMN number SET DEFAULT next_place();
