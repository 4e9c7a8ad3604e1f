-- The rows move to a new table; the old one's default calls, through another, what is made anew meanwhile.
CREATE TABLE orders (number INTEGER NOT NULL, at TIMESTAMPTZ) PARTITION BY HASH (number);
CREATE FUNCTION base() RETURNS INTEGER LANGUAGE sql STABLE AS $$ SELECT count(*)::INTEGER FROM orders $$;
CREATE FUNCTION number() RETURNS INTEGER LANGUAGE sql STABLE BEGIN ATOMIC SELECT base(); END;
ALTER TABLE orders ALTER number SET DEFAULT number();
