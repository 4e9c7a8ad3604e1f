CREATE TYPE e AS ENUM ('a', 'b', 'c'); CREATE DOMAIN d AS e[] CHECK (cardinality(VALUE) < 3);
CREATE TABLE t (id int, l e[] NOT NULL DEFAULT ARRAY['a', 'b']::e[], d d DEFAULT '{a}', CHECK ('a' = ANY (l)));
