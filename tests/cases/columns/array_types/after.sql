CREATE TABLE t (a bigint[], b text[], c varchar(20)[] DEFAULT ARRAY['x'], d json DEFAULT '{}', e text[]);
