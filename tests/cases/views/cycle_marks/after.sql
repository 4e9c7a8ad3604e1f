CREATE TABLE g (f int, t int, w int);
CREATE VIEW r AS WITH RECURSIVE s (f, t) AS (
    SELECT f, t FROM g UNION ALL SELECT g.f, g.t FROM g JOIN s ON g.f = s.t
) SEARCH BREADTH FIRST BY f SET ord CYCLE f, t SET is_cycle TO 'it''s' DEFAULT 'N' USING path
SELECT f, t, is_cycle, 'a TO ''Y''::text' AS c FROM s;
