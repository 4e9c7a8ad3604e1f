CREATE SCHEMA e1;
CREATE SCHEMA e2;
CREATE EXTENSION hstore SCHEMA e1;
CREATE FUNCTION changes(a e1.hstore) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE CAST (e1.hstore AS integer) WITH FUNCTION changes(e1.hstore);
CREATE FUNCTION stands_on_it(a e1.hstore) RETURNS integer BEGIN ATOMIC SELECT changes(a); END;
