CREATE SCHEMA x;
CREATE SCHEMA y;
CREATE EXTENSION vector SCHEMA y;
CREATE FUNCTION origin() RETURNS y.vector LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE FUNCTION named() RETURNS y.vector LANGUAGE plpgsql
    AS $$ BEGIN RETURN '[1,2,3]'::y.vector; END $$;
CREATE FUNCTION dims(v y.vector DEFAULT '[1,2]') RETURNS integer LANGUAGE plpgsql
    AS 'BEGIN RETURN 2; END';
CREATE FUNCTION pairs() RETURNS TABLE (a y.vector, b y.vector[]) LANGUAGE plpgsql
    AS 'BEGIN END';
CREATE TABLE t (id integer, v y.vector(3) DEFAULT named());
CREATE VIEW w AS SELECT origin() AS o, a, b FROM pairs();
