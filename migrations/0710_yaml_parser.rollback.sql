DROP FUNCTION yaml.parse("char"[], INTEGER[], INTEGER[]);
DROP FUNCTION yaml.parse_flow("char"[], INTEGER[], INTEGER[], INTEGER, INTEGER);
