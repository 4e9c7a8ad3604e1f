-- schema-tool: rename table a.p to b.p
-- schema-tool: rename table a.p1 to b.p1
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.p (id integer, k integer, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE b.p1 PARTITION OF b.p FOR VALUES IN (1);
CREATE TABLE a.p2 PARTITION OF b.p FOR VALUES IN (2);
CREATE INDEX pi ON b.p (k);
CREATE TABLE r (id integer, k integer, FOREIGN KEY (id, k) REFERENCES b.p);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON b.p FOR EACH ROW EXECUTE FUNCTION touch();
