CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE FUNCTION e_int(e) RETURNS int IMMUTABLE LANGUAGE sql AS $$ SELECT length($1::text) $$;
CREATE CAST (e AS int) WITH FUNCTION e_int(e);
CREATE TYPE er AS RANGE (subtype = e);
CREATE TABLE t (x e, r er DEFAULT '[a,b]', n int GENERATED ALWAYS AS (e_int(x)) STORED);
CREATE AGGREGATE agg(e) (sfunc = array_append, stype = e[], initcond = '{}');
