CREATE TABLE split (id bigint NOT NULL);
CREATE TABLE other (own integer) INHERITS (split);
CREATE PUBLICATION pub FOR TABLE split;
