CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR <<! (LEFTARG = text, RIGHTARG = text, FUNCTION = text_lt);
