-- A partition's trigger that is switched unlike its parent's goes with that, though the partition's
-- rows move to a new table.
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TABLE events (id integer, region text, n integer) PARTITION BY RANGE (id);
CREATE TABLE recent PARTITION OF events FOR VALUES FROM (0) TO (10) PARTITION BY LIST (region);
CREATE TABLE here PARTITION OF recent FOR VALUES IN ('here');
CREATE TRIGGER note BEFORE UPDATE OF n ON events FOR EACH ROW WHEN (new.n > 1) EXECUTE FUNCTION noted();
ALTER TABLE here DISABLE TRIGGER note;
