-- The table is made anew for its key's column, with the other owner.
CREATE DOMAIN key AS numeric(8,3) NOT NULL;
CREATE TABLE split (part text NOT NULL, n integer) PARTITION BY LIST (part);
ALTER TABLE split OWNER TO alice;
