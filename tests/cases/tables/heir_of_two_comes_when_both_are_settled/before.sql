CREATE TABLE top (a bigint, b text, c integer);
CREATE TABLE middle () INHERITS (top);
