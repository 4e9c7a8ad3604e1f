-- schema-tool: rename table b.p to a.p
-- schema-tool: rename table b.p1 to a.p1
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.p (id integer, k integer, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE a.p1 PARTITION OF a.p FOR VALUES IN (1);
CREATE TABLE a.p2 PARTITION OF a.p FOR VALUES IN (2);
CREATE INDEX pi ON a.p (k);
CREATE TABLE r (id integer, k integer, FOREIGN KEY (id, k) REFERENCES a.p);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON a.p FOR EACH ROW EXECUTE FUNCTION touch();
