CREATE TABLE bare (a integer, g integer GENERATED ALWAYS AS (a + 5) STORED, b text);
CREATE TABLE indexed (a integer, g integer GENERATED ALWAYS AS (a + 5) STORED, b text);
CREATE INDEX ON indexed (b);
CREATE TABLE required (a integer, g integer GENERATED ALWAYS AS (a + 5) STORED, b text NOT NULL);
CREATE TABLE above (a integer, g integer GENERATED ALWAYS AS (a + 5) STORED, b text) PARTITION BY LIST (a);
CREATE TABLE below PARTITION OF above DEFAULT;
CREATE INDEX ON below (b);
CREATE TABLE read (a integer, g integer GENERATED ALWAYS AS (length(b)) STORED, b text);
