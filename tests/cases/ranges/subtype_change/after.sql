CREATE TYPE fr AS RANGE (subtype = bigint, multirange_type_name = gmulti); CREATE TABLE t (r fr DEFAULT '[1,3)', m gmulti); CREATE INDEX i ON t USING gist (r);
CREATE FUNCTION f(fr) RETURNS gmulti LANGUAGE sql AS 'SELECT gmulti($1)';
