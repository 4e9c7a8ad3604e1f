CREATE TABLE t (a int PRIMARY KEY, b text, c int);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION again() RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE TABLE sums (n bigint);
