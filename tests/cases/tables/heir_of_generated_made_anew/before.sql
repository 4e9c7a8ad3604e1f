-- The heir's generated column goes and comes with its parent's, and has its own settings again.
CREATE TABLE above (note varchar(10), small text GENERATED ALWAYS AS (lower(note)) STORED);
CREATE TABLE heir (own integer) INHERITS (above);
COMMENT ON COLUMN heir.small IS 'of the heir';
ALTER TABLE heir ALTER COLUMN small SET (n_distinct = 5);
ALTER TABLE heir ALTER COLUMN small SET STORAGE EXTERNAL;
CREATE VIEW seen AS SELECT small FROM heir;
CREATE INDEX heir_small_idx ON heir (small);

CREATE TABLE split (id integer NOT NULL, note varchar(10), small text GENERATED ALWAYS AS (lower(note)) STORED)
PARTITION BY RANGE (id);
CREATE TABLE split_rest PARTITION OF split DEFAULT;
