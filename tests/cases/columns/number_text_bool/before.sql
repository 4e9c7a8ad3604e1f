CREATE TABLE t (a int, b text, c boolean DEFAULT false, d numeric, e timestamp, f date, g interval, h int, i char(3), j bytea, k bool);
