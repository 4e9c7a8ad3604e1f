CREATE TABLE kinds (kind text PRIMARY KEY, old int UNIQUE);
CREATE FUNCTION folded(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
CREATE FUNCTION is_fine(n int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT n >= 0';
CREATE TABLE p (
    a int PRIMARY KEY,
    n int CONSTRAINT p_n_check CHECK (n < 100),
    m int CONSTRAINT p_m_check CHECK (is_fine(m)),
    up int CONSTRAINT p_up_fkey REFERENCES p (a),
    kind text CONSTRAINT p_kind_fkey REFERENCES kinds (kind),
    old int CONSTRAINT p_old_fkey REFERENCES kinds (old)
);
CREATE INDEX stays ON p (n);
CREATE INDEX becomes_a_key ON p (m, a);
CREATE INDEX becomes_a_table ON p (m);
CREATE INDEX moves_to_another ON p (up);
CREATE UNIQUE INDEX goes ON p (n, a);
CREATE INDEX of_function ON p (folded(kind));
CREATE TABLE q (b int, up int);
