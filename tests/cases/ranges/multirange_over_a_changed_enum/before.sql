CREATE TYPE e AS ENUM ('a', 'b');
CREATE TYPE er AS RANGE (subtype = e, multirange_type_name = "Many er");
CREATE DOMAIN dr AS er CHECK (NOT isempty(VALUE));
CREATE TABLE t (one er, domained dr, many "Many er", list "Many er"[]);
