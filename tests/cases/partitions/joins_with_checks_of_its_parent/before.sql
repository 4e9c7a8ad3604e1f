CREATE FUNCTION is_fit(n numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n > 0';
CREATE TABLE p (a int, amount numeric, kind text) PARTITION BY LIST (a);
CREATE TABLE p0 PARTITION OF p FOR VALUES IN (0);
CREATE TABLE p1 (a int, amount numeric, kind varchar(3));
CREATE TABLE p2 (a int, amount numeric, kind text, CONSTRAINT own CHECK (a < 9));
