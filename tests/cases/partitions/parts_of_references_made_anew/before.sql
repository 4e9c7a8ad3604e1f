-- The foreign keys of partitions keep their own names and comments as their parent's is made anew,
-- and what one has that is adopted is said no more.
CREATE TABLE others (id integer PRIMARY KEY);
CREATE TABLE retyped (id integer, other integer, CONSTRAINT to_others FOREIGN KEY (other) REFERENCES others) PARTITION BY LIST (id);
CREATE TABLE retyped_one (id integer, other integer, CONSTRAINT mine FOREIGN KEY (other) REFERENCES others);
ALTER TABLE retyped ATTACH PARTITION retyped_one FOR VALUES IN (1) ;
COMMENT ON CONSTRAINT mine ON retyped_one IS 'kept';
CREATE TABLE retyped_two PARTITION OF retyped FOR VALUES IN (2);
COMMENT ON CONSTRAINT to_others ON retyped_two IS 'kept';

CREATE TABLE cascades (id integer, other integer REFERENCES others) PARTITION BY LIST (id);
CREATE TABLE cascades_one (id integer, other integer, CONSTRAINT mine2 FOREIGN KEY (other) REFERENCES others);
ALTER TABLE cascades ATTACH PARTITION cascades_one FOR VALUES IN (1);

CREATE TABLE kept (id integer PRIMARY KEY);
CREATE TABLE adopts (id integer, other integer REFERENCES kept) PARTITION BY LIST (id);
CREATE TABLE adopts_one (id integer, other integer, CONSTRAINT adopted FOREIGN KEY (other) REFERENCES kept);
COMMENT ON CONSTRAINT adopted ON adopts_one IS 'its own';
