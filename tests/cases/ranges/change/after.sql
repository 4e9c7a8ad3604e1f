CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = rr);
CREATE TABLE a (x r);
CREATE TYPE q AS RANGE (subtype = text, collation = "C");
