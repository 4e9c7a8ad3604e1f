CREATE TYPE span AS RANGE (SUBTYPE = integer);
CREATE TYPE days AS RANGE (SUBTYPE = date, MULTIRANGE_TYPE_NAME = many_days);
CREATE TABLE t (id integer PRIMARY KEY, a span, b days);
