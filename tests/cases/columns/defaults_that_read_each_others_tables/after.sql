CREATE SCHEMA app;
CREATE TABLE app.one (id integer, n integer);
CREATE TABLE two (id integer, n integer);
CREATE FUNCTION of_two() RETURNS integer STABLE BEGIN ATOMIC SELECT count(*)::integer FROM two; END;
CREATE FUNCTION of_one() RETURNS integer STABLE BEGIN ATOMIC SELECT count(*)::integer FROM app.one; END;
ALTER TABLE app.one ALTER n SET DEFAULT of_two();
ALTER TABLE two ALTER n SET DEFAULT of_one();
