-- The table is made anew for its key's column, with the other owner.
CREATE TABLE split (part text NOT NULL, n integer) PARTITION BY LIST (part);
CREATE TABLE split_rest PARTITION OF split DEFAULT;
ALTER TABLE split OWNER TO alice;
