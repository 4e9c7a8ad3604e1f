CREATE TABLE t (id text PRIMARY KEY, ref text NOT NULL DEFAULT 'x', UNIQUE (ref));
CREATE INDEX t_lower ON t (ref text_pattern_ops);
