CREATE TABLE a (id int PRIMARY KEY, n numeric(10,2) CHECK (n > 0));
CREATE INDEX i ON a (n) WHERE n > 5;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ begin return new; end $$;
CREATE TRIGGER t BEFORE UPDATE OF n ON a FOR EACH ROW WHEN (new.n > 3) EXECUTE FUNCTION f();
CREATE POLICY p ON a USING (n > 1);
CREATE TABLE g (id int, n bigint, m bigint GENERATED ALWAYS AS (n + 1) STORED);
CREATE STATISTICS s ON id, n FROM a;
