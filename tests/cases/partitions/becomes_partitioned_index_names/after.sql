CREATE TABLE kinds (kind text PRIMARY KEY, old int);
CREATE FUNCTION folded(t text, n int = 0) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
CREATE TABLE becomes_a_table (a int);
CREATE TABLE p (
    a int PRIMARY KEY,
    n int CONSTRAINT p_n_check CHECK (n < 100),
    m int,
    up int CONSTRAINT p_up_fkey REFERENCES p (a),
    kind text CONSTRAINT p_kind_fkey REFERENCES kinds (kind),
    old int,
    CONSTRAINT becomes_a_key UNIQUE (m, a)
) PARTITION BY RANGE (a);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p_rest PARTITION OF p DEFAULT;
CREATE INDEX stays ON p (n);
CREATE INDEX of_function ON p (folded(kind));
CREATE TABLE q (b int, up int);
CREATE INDEX moves_to_another ON q (up);
