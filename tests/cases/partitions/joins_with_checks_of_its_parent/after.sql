CREATE FUNCTION is_fit(n numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n > 0';
CREATE FUNCTION is_new(n int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n < 9';
CREATE TABLE p (a int, amount numeric, kind text, made int,
    CONSTRAINT known CHECK (is_fit(amount)), CONSTRAINT unknown CHECK (is_new(a)), CHECK (kind <> 'a'),
    CHECK (made > 0)) PARTITION BY LIST (a);
CREATE TABLE p0 PARTITION OF p FOR VALUES IN (0);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p (CONSTRAINT own CHECK (a < 9)) FOR VALUES IN (2);
COMMENT ON CONSTRAINT known ON p2 IS 'c';
