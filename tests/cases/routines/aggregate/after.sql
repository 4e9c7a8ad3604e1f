CREATE FUNCTION st(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE agg(int) (sfunc = st, stype = int, initcond = '5', PARALLEL = SAFE);
CREATE AGGREGATE cnt(*) (sfunc = int8inc, stype = int8, initcond = '0');
COMMENT ON AGGREGATE agg(int) IS 'x';
GRANT EXECUTE ON FUNCTION agg(int) TO app_reader;
CREATE AGGREGATE pct(float8 ORDER BY anyelement) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra);
COMMENT ON AGGREGATE pct(float8 ORDER BY anyelement) IS 'p';
