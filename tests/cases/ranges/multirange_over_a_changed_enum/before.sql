CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE er AS RANGE (subtype = e, multirange_type_name = "Many er");
CREATE DOMAIN dr AS er CHECK (NOT isempty(VALUE));
CREATE TABLE t (one er, domained dr, many "Many er", list "Many er"[]);
CREATE DOMAIN many_domained AS "Many er" CHECK (NOT isempty(VALUE));
CREATE TYPE row_of_many AS (m "Many er", d many_domained);
CREATE TABLE rows_of_many (r row_of_many, d many_domained);
