CREATE FUNCTION is_big(int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 1';
CREATE TABLE t (a int, b bool, s text, "x WHERE (y" int);
CREATE INDEX i ON t (a, s) WITH (fillfactor = 70) WHERE b;
CREATE INDEX gets_options ON t (a) WITH (fillfactor = 70) WHERE b;
CREATE INDEX of_function ON t (a) WITH (fillfactor = 70) WHERE is_big(a);
CREATE INDEX of_expression ON t ((s || ' WHERE (')) WITH (fillfactor = 70) WHERE b;
CREATE INDEX of_name ON t ("x WHERE (y") WITH (fillfactor = 70)
    WHERE "x WHERE (y" > 1 AND "x WHERE (y" < 9;
CREATE INDEX of_nothing ON t (a) WITH (fillfactor = 70) WHERE false;
