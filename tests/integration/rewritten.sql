-- Expressions that the server prints in another form than it was given, in every place that
-- holds one, and what else is not printed as it was written.
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN code AS VARCHAR(9) CHECK (value IN ('a', 'b')) DEFAULT 'a';
CREATE DOMAIN share AS NUMERIC CONSTRAINT in_range CHECK (value BETWEEN 0 AND 1) NOT NULL;
CREATE DOMAIN word AS TEXT CHECK (value ~* '^[a-z]+$' AND value NOT LIKE 'x%');

CREATE TABLE t (
    id INT NOT NULL,
    x VARCHAR(9) DEFAULT 'a'::VARCHAR,
    y VARCHAR NOT NULL DEFAULT ('b' || 'c')::VARCHAR(3),
    c CHAR(3) DEFAULT 'abc'::BPCHAR CHECK (c IN ('abc', 'def')),
    n INT DEFAULT (1 + 2) * 3 CHECK (n BETWEEN 1 AND 100),
    small SMALLINT DEFAULT '-1'::SMALLINT CHECK (small IN (-1, 2, 3)),
    big BIGINT DEFAULT -9223372036854775808 CHECK (big <> ALL (ARRAY[1, 2])),
    real_number REAL DEFAULT 1.5::REAL CHECK (real_number BETWEEN SYMMETRIC 3 AND -1.5),
    m MOOD DEFAULT 'sad' CHECK (m IN ('sad', 'glad')),
    k CODE CHECK (k IN ('a', 'b')),
    s SHARE DEFAULT 0.5,
    at TIMESTAMPTZ DEFAULT (now() AT TIME ZONE 'UTC' + INTERVAL '1 day 02:03:04'),
    day DATE DEFAULT CURRENT_DATE CHECK (day > DATE '2000-01-01' AND extract(YEAR FROM day) < 3000),
    clock TIME(3) DEFAULT LOCALTIME(3),
    tags TEXT[] DEFAULT '{}'::TEXT[] CHECK (tags <@ ARRAY['a', 'b']::VARCHAR[]::TEXT[]),
    words VARCHAR(5)[] DEFAULT ARRAY['a', 'b']::VARCHAR(5)[] CHECK ('a' = ANY (words)),
    data JSONB DEFAULT '{"a": [1, null]}' CHECK (data ->> 'kind' IN ('a', 'b')),
    flag BOOLEAN DEFAULT (NOT TRUE) CHECK (flag IS NOT DISTINCT FROM FALSE OR flag IS NULL),
    bits BIT(4) DEFAULT B'1010',
    price MONEY DEFAULT 1::MONEY,
    twice INT GENERATED ALWAYS AS (CASE WHEN x IN ('a', 'b') THEN 2 * n ELSE coalesce(n, 0) END) STORED,
    lowered TEXT GENERATED ALWAYS AS (lower(x) || substring(y FROM 1 FOR 2) || trim(y)) STORED,
    CONSTRAINT t_pkey PRIMARY KEY (id),
    CONSTRAINT several CHECK ((x, y) IN (('a', 'b'), ('c', 'd')) OR (n, id) > (1, 2)),
    CONSTRAINT pattern CHECK (x SIMILAR TO '(a|b)%' OR y ILIKE ANY (ARRAY['a%', 'b%'])),
    CONSTRAINT quoted CHECK (x NOT IN ('it''s', E'back\\slash', '', '(', 'ARRAY[', ']::text[]')),
    CONSTRAINT nested CHECK (
        x IN ('a', 'b') AND (y IN ('c', 'd') OR NOT (n IN (1, 2) AND x = ANY (ARRAY['e', y])))
    ),
    CONSTRAINT between_first CHECK (n BETWEEN 1 AND 2 AND x IN ('a', 'b') AND y <> '((a AND b) AND c'),
    CONSTRAINT left_nested CHECK (((n > 1 OR n < 5) OR n = 7) AND (n > 0 AND (n > 1 AND n > 2))),
    CONSTRAINT one CHECK (x IN ('a')),
    CONSTRAINT limited CHECK (x::VARCHAR(3) IN ('a', 'b') AND y::CHAR(2) IN ('a', 'b')),
    CONSTRAINT overlapping CHECK ((day, INTERVAL '1 day') OVERLAPS (day, day)),
    CONSTRAINT tests CHECK (x IS NOT NULL AND nullif(x, y) IS NULL AND greatest(n, id) > least(1, n))
);
ALTER TABLE t ADD CONSTRAINT late CHECK (x IN ('a', 'b', NULL)) NOT VALID;
CREATE INDEX t_partial_idx ON t (y) WHERE x IN ('a', 'b') AND m = 'sad' AND n BETWEEN 1 AND 2;
CREATE INDEX t_expression_idx ON t ((x || 'a'), (CASE WHEN y IN ('c', 'd') THEN 1 ELSE 2 END), ((data ->> 'a')::INT));
CREATE UNIQUE INDEX t_pattern_idx ON t (lower(x) VARCHAR_PATTERN_OPS DESC NULLS LAST, (n + 1));
CREATE STATISTICS t_statistics ON (x || y), (n % 10) FROM t;
CREATE TABLE e (
    r INT4RANGE,
    x VARCHAR,
    CONSTRAINT e_excl EXCLUDE USING gist (r WITH &&) WHERE (x IN ('a', 'b'))
);

CREATE FUNCTION touch() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN   
    RETURN new;	
END   
$$;
CREATE FUNCTION f(a VARCHAR DEFAULT 'x' || 'y', b INT[] DEFAULT '{1,2}', c TEXT = NULL,
    d BOOLEAN DEFAULT 'a'::VARCHAR IN ('a', 'b')) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE AS $$ SELECT a IN ('a', 'b')  
$$;
CREATE FUNCTION g(a VARCHAR) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE
RETURN a IN ('a', 'b') AND a::TEXT <> 'c';
CREATE FUNCTION h(a VARCHAR) RETURNS BIGINT LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT count(*) FROM t WHERE t.x IN ('a', 'b') AND t.y = a AND t.n BETWEEN 1 AND 2;
END;
CREATE TRIGGER touch BEFORE UPDATE OF x ON t
FOR EACH ROW WHEN (new.x IN ('a', 'b') AND old.n BETWEEN 1 AND 2) EXECUTE FUNCTION touch();

ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t FOR UPDATE
USING (x IN ('a', 'b') AND EXISTS (SELECT FROM e WHERE e.x = t.x AND e.x IN ('a', 'b')))
WITH CHECK (y = current_setting('app.user', TRUE)::VARCHAR(20) OR y IN (SELECT e.x FROM e));

CREATE VIEW v AS
SELECT t.*, e.r, x IN ('a', 'b') AS known, CASE m WHEN 'sad' THEN 1 END AS how,
    row_number() OVER (PARTITION BY t.n ORDER BY t.id ROWS 2 PRECEDING) AS place
FROM t LEFT JOIN e USING (x)
WHERE y IN ('c', 'd') AND t.n NOT BETWEEN 1 AND 3 AND t.m IN ('sad', 'glad');
CREATE VIEW w AS
WITH RECURSIVE up (n, path) AS (
    SELECT 1, ARRAY['a']::VARCHAR[] UNION ALL SELECT n + 1, path || 'b'::VARCHAR FROM up WHERE n < 5
)
SELECT n, path, (SELECT max(i) FROM generate_series(1, n) AS i) AS top FROM up
UNION SELECT id, ARRAY[x, y], n FROM t WHERE (x, y) IN (SELECT x, x FROM e) ORDER BY 1 LIMIT 5;
CREATE VIEW u AS SELECT a.id, b.* FROM t AS a CROSS JOIN LATERAL (VALUES (1, 'a'), (2, a.x)) AS b (i, z)
WHERE a.x::TEXT IN ('a', 'b') AND b.z LIKE 'a%' GROUP BY a.id, b.i, b.z HAVING count(*) > 1;
CREATE MATERIALIZED VIEW mv AS SELECT x, count(*) FILTER (WHERE y IN ('a', 'b')) AS n FROM t GROUP BY x WITH NO DATA;
CREATE INDEX mv_idx ON mv (x) WHERE x IN ('a', 'b');
CREATE RULE quiet AS ON INSERT TO e WHERE new.x IN ('a', 'b') DO INSTEAD UPDATE t SET y = new.x WHERE x IN ('c', 'd');

CREATE TABLE p (x VARCHAR, n INT, d TIMESTAMPTZ) PARTITION BY RANGE (lower(x), (n / 2));
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('a', MINVALUE) TO ('b', 10);
CREATE TABLE p2 PARTITION OF p (CONSTRAINT p2_check CHECK (x IN ('c', 'd'))) DEFAULT;
CREATE TABLE q (d TIMESTAMPTZ, x VARCHAR(5)) PARTITION BY LIST (x);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN ('a', 'b', NULL);
CREATE INDEX ON q (d) WHERE x IN ('a', 'b');
CREATE TABLE parent (x VARCHAR CHECK (x IN ('a', 'b')), n INT DEFAULT 1 + 1 NOT NULL);
CREATE TABLE child (y INT NOT NULL) INHERITS (parent);
CREATE TABLE nothing ();
CREATE TABLE keyed (a INT, b INT, c INT NOT NULL, PRIMARY KEY (b, a));
CREATE SEQUENCE narrow AS INTEGER INCREMENT -2 MINVALUE -100 MAXVALUE 5 START 5 CYCLE CACHE 3;
CREATE TABLE numbered (
    a SERIAL, b SMALLSERIAL, c INT GENERATED BY DEFAULT AS IDENTITY (START 5 INCREMENT 2),
    d BIGINT DEFAULT nextval('narrow'), e SMALLINT GENERATED ALWAYS AS IDENTITY
);
COMMENT ON FUNCTION touch() IS 'ends with a blank ';
