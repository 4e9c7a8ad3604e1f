CREATE FUNCTION f(VARIADIC a int[] DEFAULT '{}') RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION g(OUT a int, OUT b text) LANGUAGE plpgsql AS $body$ begin a := 1;
b := '$$';
end $body$;
CREATE FUNCTION w() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION "Mixed Name"("Arg" int) RETURNS int LANGUAGE sql AS 'SELECT 1';
