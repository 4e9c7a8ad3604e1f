CREATE SCHEMA e1;
CREATE SCHEMA e2;
CREATE EXTENSION hstore SCHEMA e2;
CREATE FUNCTION changes(a e2.hstore) RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE CAST (e2.hstore AS integer) WITH FUNCTION changes(e2.hstore);
CREATE FUNCTION stands_on_it(a e2.hstore) RETURNS integer BEGIN ATOMIC SELECT changes(a); END;
