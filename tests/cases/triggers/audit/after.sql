CREATE SCHEMA audit;
CREATE TABLE audit.log(id bigserial primary key, tbl text not null, op text, at timestamptz default now(), who name default current_user);
CREATE FUNCTION audit.fn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit AS $$BEGIN INSERT INTO audit.log(tbl, op) VALUES (TG_TABLE_NAME, TG_OP); RETURN coalesce(NEW, OLD); END$$;
CREATE TABLE a(id bigint primary key, n varchar(100)); CREATE TABLE b(id int primary key, a bigint references a ON DELETE CASCADE);
CREATE TRIGGER au AFTER INSERT OR UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION audit.fn();
CREATE TRIGGER au AFTER INSERT OR UPDATE ON b FOR EACH ROW WHEN (NEW.a IS NOT NULL) EXECUTE FUNCTION audit.fn();
CREATE VIEW ab AS SELECT a.id, a.n, b.id AS bid FROM a JOIN b ON b.a = a.id;
GRANT SELECT ON ab TO app_reader;
