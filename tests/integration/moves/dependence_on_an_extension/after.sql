-- schema-tool: rename table public.t to b.t
-- schema-tool: rename function f() to b.f
-- schema-tool: rename view public.m to b.m
CREATE SCHEMA b;
CREATE TABLE b.t (a int);
CREATE INDEX ti ON b.t (a);
CREATE FUNCTION b.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE UPDATE ON b.t FOR EACH ROW EXECUTE FUNCTION b.f();
CREATE MATERIALIZED VIEW b.m AS SELECT a FROM b.t;
ALTER INDEX b.ti DEPENDS ON EXTENSION plpgsql;
ALTER FUNCTION b.f() DEPENDS ON EXTENSION plpgsql;
ALTER TRIGGER tr ON b.t DEPENDS ON EXTENSION plpgsql;
ALTER MATERIALIZED VIEW b.m DEPENDS ON EXTENSION plpgsql;
