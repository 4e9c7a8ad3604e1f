CREATE TYPE fr AS RANGE (subtype = int, multirange_type_name = fmulti); CREATE TABLE t (r fr DEFAULT '[1,2)', m fmulti); CREATE INDEX i ON t USING gist (r);
CREATE FUNCTION f(fr) RETURNS fmulti LANGUAGE sql AS 'SELECT fmulti($1)';
