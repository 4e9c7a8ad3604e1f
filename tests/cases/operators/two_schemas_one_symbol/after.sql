CREATE SCHEMA "S s"; CREATE OPERATOR "S s".+#+ (LEFTARG = int, RIGHTARG = int, FUNCTION = int4mul); CREATE OPERATOR +#+ (LEFTARG = bigint, RIGHTARG = int, FUNCTION = int84pl);
CREATE VIEW v AS SELECT 1 OPERATOR("S s".+#+) 2 AS a, 1::bigint +#+ 2 AS b;
