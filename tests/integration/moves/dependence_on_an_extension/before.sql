-- schema-tool: rename table b.t to public.t
-- schema-tool: rename function b.f() to public.f
-- schema-tool: rename view b.m to public.m
CREATE SCHEMA b;
CREATE TABLE t (a int);
CREATE INDEX ti ON t (a);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
ALTER INDEX ti DEPENDS ON EXTENSION plpgsql;
ALTER FUNCTION f() DEPENDS ON EXTENSION plpgsql;
ALTER TRIGGER tr ON t DEPENDS ON EXTENSION plpgsql;
ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION plpgsql;
