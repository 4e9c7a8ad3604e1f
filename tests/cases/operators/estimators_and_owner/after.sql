CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, JOIN = neqjoinsel); ALTER OPERATOR === (int, int) OWNER TO alice;
CREATE OPERATOR <<! (LEFTARG = text, RIGHTARG = text, FUNCTION = text_lt, RESTRICT = scalarltsel, JOIN = scalarltjoinsel); COMMENT ON OPERATOR <<! (text, text) IS 'less';
