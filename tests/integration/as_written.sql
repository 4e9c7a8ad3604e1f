-- What PostgreSQL prints otherwise than it reads it; also in texts that only look like it.
CREATE DOMAIN dd AS varchar(5) CHECK (VALUE IN ('a','b') AND VALUE NOT IN ('x'));
CREATE TABLE t (v varchar(10) CHECK (v IN ('a', 'b''c', 'd,e)')), d dd CHECK (d in ('q','r')), n int CHECK (n BETWEEN 1 AND 5 AND n <> 3), m numeric,
  k date, ts timestamptz, "Q v" varchar, g bool GENERATED ALWAYS AS (v NOT IN ('a','b') AND n BETWEEN 2 AND 4) STORED,
  CHECK (m NOT BETWEEN 1.5 AND 2 OR m = 1.7), CHECK (k BETWEEN '2020-01-01' AND '2021-01-01'::date AND k > '2000-01-01' AND n > 2),
  CHECK (n + 1 BETWEEN n - 1 AND n * 2 AND v BETWEEN 'a' AND 'b' AND n BETWEEN SYMMETRIC 5 AND 1 AND n > 0),
  CHECK ("Q v" IN ('(', ')::text = ANY ((ARRAY[''x''::character varying])::text[])')), CHECK (coalesce(v,'x') IN ('1','2') OR v||'x' IN ('3')),
  CHECK ((n, m) > (1, 2) AND n > 1), CHECK (v LIKE ANY (ARRAY['a%','b%'])), CHECK (v = ANY ('{a,b}'::text[])), CHECK (v::text IN ('a','b')));
CREATE VIEW w AS SELECT *, CASE WHEN v IN ('x','y') THEN 1 WHEN n BETWEEN 1 AND 2 AND v <> '' THEN 2 END AS c FROM t WHERE v IN ('x', 'y') AND n BETWEEN 1 AND 9 AND m > 0 AND (k BETWEEN '2020-01-01' AND '2020-02-01' OR v IS NULL);
CREATE INDEX i ON t (v) WHERE v IN ('p', 'q') AND n BETWEEN 1 AND 2 AND m > 0;
CREATE INDEX i2 ON t ((v IN ('p', 'q')));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (v IN ('m', 'n') AND n BETWEEN 1 AND 2) WITH CHECK (n BETWEEN 1 AND 2 AND v IN ('m','o'));
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS $$ begin if new.v in ('a') then null; end if; return new; end $$;
CREATE FUNCTION bod() RETURNS text LANGUAGE sql AS $f$ select '(v)::text = ANY ((ARRAY[''a''::character varying])::text[])' $f$;
CREATE FUNCTION atom(x varchar, y int) RETURNS bool LANGUAGE sql BEGIN ATOMIC SELECT x IN ('a','b') AND y BETWEEN 1 AND 2 AND y <> 4; END;
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW WHEN (new.v IN ('a','b') AND new.n BETWEEN 1 AND 2 AND old.n > 0) EXECUTE FUNCTION tf();
CREATE RULE ru AS ON INSERT TO w WHERE new.v IN ('a','b') AND new.n BETWEEN 1 AND 2 AND new.m > 1 DO INSTEAD NOTHING;
CREATE MATERIALIZED VIEW mw AS SELECT * FROM t WHERE v NOT IN ('x','y') AND n BETWEEN 1 AND 9 AND m > 0;
CREATE TABLE c1(v varchar, n int);
CREATE STATISTICS stt ON (v IN ('a','b')), n FROM c1;
ALTER TABLE c1 ALTER v SET DEFAULT CASE WHEN current_user::varchar IN ('a','b') THEN 'x' ELSE 'y' END;
COMMENT ON TABLE t IS '(v)::text = ANY ((ARRAY[''a''::character varying])::text[])';
CREATE VIEW unnamed AS WITH c AS (SELECT 'a' AS x, 1.5 AS n, now() AS h, B'1' AS b UNION ALL SELECT 'b', -2, '2020-01-01', B'0' UNION ALL SELECT NULL, -0.5, NULL, NULL)
  SELECT x, n, (SELECT 'y') AS y, ARRAY(SELECT DISTINCT 'z' FROM t) AS z, (SELECT (SELECT 'w')) AS w, 'q'::text AS q FROM c
  WHERE x IN (SELECT 'a' UNION SELECT v FROM t EXCEPT SELECT ', (SELECT ''x''::text)') OR n IN (SELECT -1) OR n IN (SELECT 1e3) OR EXISTS (SELECT 'e' FROM t) OR (x, n) IN (SELECT coalesce('x'::text, v), -1 FROM t);
CREATE POLICY unnamed ON t FOR DELETE USING (v IN (SELECT 'x' UNION SELECT 'y') AND (n, 'k') IN (SELECT c1.n, 'x' FROM c1));
CREATE RULE unnamed AS ON UPDATE TO w DO INSTEAD UPDATE t SET (v, n) = (SELECT 'x', -1);
CREATE FUNCTION unnamed() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT x FROM (SELECT 'a' AS x UNION SELECT 'b') AS s WHERE x <> (SELECT 'c'); END;
CREATE FUNCTION quoted_query() RETURNS text LANGUAGE sql AS $$ SELECT x FROM (SELECT 'a'::text AS x UNION SELECT 'b'::text) AS s $$;
COMMENT ON VIEW unnamed IS '( SELECT ''x''::text)';
