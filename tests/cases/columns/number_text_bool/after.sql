CREATE TABLE t (a text, b int, c int DEFAULT 0, d int, e timestamptz, f timestamp, g text, h boolean, i varchar(5), j text, k text);
