CREATE TYPE span_multirange AS ENUM ('one', 'two');
CREATE TYPE span AS RANGE (SUBTYPE = bigint, MULTIRANGE_TYPE_NAME = spans);
CREATE DOMAIN many_days AS integer;
CREATE TYPE days AS RANGE (SUBTYPE = timestamp);
CREATE TABLE t (id integer PRIMARY KEY, a span, b days, c span_multirange, d many_days);
