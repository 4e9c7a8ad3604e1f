-- A key that only includes the column: its index is built anew, and foreign keys stand on it.
CREATE TABLE plain (id integer, note varchar(10), CONSTRAINT plain_pkey PRIMARY KEY (id) INCLUDE (note));
CREATE TABLE plain_user (id integer CONSTRAINT plain_user_fkey REFERENCES plain);

CREATE TABLE indexed (id integer NOT NULL, note integer, above integer);
CREATE UNIQUE INDEX indexed_idx ON indexed (id) INCLUDE (note);
ALTER TABLE indexed ADD CONSTRAINT indexed_above_fkey FOREIGN KEY (above) REFERENCES indexed (id);

CREATE TABLE parted (id integer, note integer) PARTITION BY RANGE (id);
ALTER TABLE parted ADD CONSTRAINT parted_pkey PRIMARY KEY (id) INCLUDE (note);
CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (100);
CREATE TABLE parted_user (id integer CONSTRAINT parted_user_fkey REFERENCES parted);

CREATE TABLE above (id integer, note integer);
CREATE TABLE heir (CONSTRAINT heir_pkey PRIMARY KEY (id) INCLUDE (note)) INHERITS (above);
CREATE TABLE heir_user (id integer CONSTRAINT heir_user_fkey REFERENCES heir);
