-- What is said of heirs' and partitions' checks is said again once their parent's has brought them.
CREATE TABLE above (n integer, CONSTRAINT positive CHECK (n > 0));
CREATE TABLE heir () INHERITS (above);
CREATE TABLE below () INHERITS (heir);
COMMENT ON CONSTRAINT positive ON heir IS 'kept';
COMMENT ON CONSTRAINT positive ON below IS 'kept, too';
CREATE TABLE split (id integer, n integer, CONSTRAINT positive CHECK (n > 0)) PARTITION BY LIST (id);
CREATE TABLE split_one PARTITION OF split FOR VALUES IN (1);
COMMENT ON CONSTRAINT positive ON split_one IS 'kept';
CREATE FUNCTION is_fit(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n > 0';
CREATE TABLE calls (n integer, CONSTRAINT fit CHECK (is_fit(n)));
CREATE TABLE calls_heir () INHERITS (calls);
COMMENT ON CONSTRAINT fit ON calls_heir IS 'kept';
