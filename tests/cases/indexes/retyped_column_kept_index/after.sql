CREATE TABLE t (id bigint, v text, n bigint);
CREATE INDEX i ON t (v, id);
CREATE INDEX e ON t ((n + 1)) WHERE v IS NOT NULL;
