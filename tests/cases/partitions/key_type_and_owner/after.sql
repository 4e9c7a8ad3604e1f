CREATE DOMAIN key AS numeric(8,3) NOT NULL;
CREATE TABLE split (part key NOT NULL, n integer) PARTITION BY LIST (part);
