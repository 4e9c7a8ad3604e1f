CREATE TABLE a (id int, n int, "ON ((" text);
CREATE TABLE b (id int, n int);
CREATE TABLE c (id int, n int);
CREATE VIEW joins AS
SELECT a.id, b.n FROM a JOIN b ON a.id = b.id LEFT JOIN c ON c.id = b.id AND c.n > 1 AND a."ON ((" = ')'
WHERE a.n = 1 AND (b.n = 2 OR c.n IS DISTINCT FROM (1 + b.n));
CREATE VIEW right_joins AS
SELECT a.id FROM a LEFT JOIN (b JOIN c ON b.id = c.id) ON a.id = b.id, c AS d WHERE d.id IN (1, 2);
CREATE VIEW named_join AS SELECT j.id FROM ((a JOIN b USING (id)) AS j JOIN c USING (id)) WHERE (j.id) IS NOT NULL;
CREATE VIEW lists AS SELECT x.a FROM (VALUES (1), (2)) x (a), (a CROSS JOIN b) WHERE x.a = ANY (ARRAY[1, 2]);
CREATE VIEW grouped AS
SELECT DISTINCT ON ((b.n + 1)) b.n, count(*) FILTER (WHERE b.id > 1) AS many, max(EXTRACT(year FROM (now() - '1 day'::interval)))
FROM a FULL JOIN b ON (a.id IS NOT DISTINCT FROM b.id) = true
WHERE EXISTS (SELECT FROM c WHERE c.id = b.id AND c.n BETWEEN 1 AND 2) GROUP BY b.n HAVING count(*) > 1 AND max(b.id) < 9;
CREATE VIEW united AS
SELECT id FROM a WHERE n > 1 UNION ALL (SELECT id FROM b WHERE n BETWEEN 1 AND 2 AND id > 1 ORDER BY id LIMIT 1)
UNION ALL SELECT (SELECT max(c.id) FROM c JOIN b ON b.id = c.id WHERE b.n = a.n) FROM a WHERE (a.id, a.n) IN (SELECT id, n FROM b WHERE (id, n) <> (1, 2));
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER " WHEN (" BEFORE UPDATE ON a FOR EACH ROW
    WHEN (old.n IS DISTINCT FROM new.n AND new."ON ((" BETWEEN ')' AND 'b' AND new.n > 1) EXECUTE FUNCTION touch(' WHEN (');
CREATE TRIGGER simple BEFORE INSERT ON b FOR EACH ROW WHEN (new.n = 1) EXECUTE FUNCTION touch();
