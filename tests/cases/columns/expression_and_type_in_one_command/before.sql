CREATE TABLE bare (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED, b integer);
CREATE TABLE indexed (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED, b integer);
CREATE INDEX ON indexed (b);
CREATE TABLE required (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED, b integer NOT NULL);
CREATE TABLE above (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED, b integer) PARTITION BY LIST (a);
CREATE TABLE below PARTITION OF above DEFAULT;
CREATE INDEX ON below (b);
CREATE TABLE read (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED, b integer);
