CREATE EXTENSION vector; CREATE TABLE t (v vector(2));
CREATE FUNCTION near(vector, vector) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN $1 <-> $2 < 1;
CREATE OPERATOR ~~~ (FUNCTION = near, LEFTARG = vector, RIGHTARG = vector, COMMUTATOR = ~~~);
CREATE INDEX i ON t (v) WHERE v ~~~ '[0,0]'; CREATE AGGREGATE all_near(vector) (SFUNC = vector_add, STYPE = vector);
