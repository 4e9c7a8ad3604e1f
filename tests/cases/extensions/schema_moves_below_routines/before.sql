CREATE SCHEMA x;
CREATE SCHEMA y;
CREATE EXTENSION vector SCHEMA x;
CREATE FUNCTION origin() RETURNS x.vector LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE FUNCTION named() RETURNS x.vector LANGUAGE plpgsql
    AS $$ BEGIN RETURN '[1,2,3]'::x.vector; END $$;
CREATE FUNCTION dims(v x.vector DEFAULT '[1,2]') RETURNS integer LANGUAGE plpgsql
    AS 'BEGIN RETURN 2; END';
CREATE FUNCTION pairs() RETURNS TABLE (a x.vector, b x.vector[]) LANGUAGE plpgsql
    AS 'BEGIN END';
CREATE TABLE t (id integer, v x.vector(3) DEFAULT named());
CREATE VIEW w AS SELECT origin() AS o, a, b FROM pairs();
