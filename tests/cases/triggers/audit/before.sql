CREATE SCHEMA audit;
CREATE TABLE audit.log(id bigserial primary key, tbl text, at timestamptz default now());
CREATE FUNCTION audit.fn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN INSERT INTO audit.log(tbl) VALUES (TG_TABLE_NAME); RETURN NEW; END$$;
CREATE TABLE a(id int primary key, n text); CREATE TABLE b(id int primary key, a int references a);
CREATE TRIGGER au AFTER INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION audit.fn();
CREATE TRIGGER au AFTER INSERT OR UPDATE ON b FOR EACH ROW EXECUTE FUNCTION audit.fn();
CREATE VIEW ab AS SELECT a.id, a.n, b.id AS bid FROM a JOIN b ON b.a = a.id;
GRANT SELECT ON ab TO app_reader;
