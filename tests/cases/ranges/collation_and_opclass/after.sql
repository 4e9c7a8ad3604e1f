CREATE TYPE r AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops); CREATE TABLE t (x r);
