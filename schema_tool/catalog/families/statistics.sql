-- The server prints columns by their position, which differs where one was dropped and added.
SELECT
    s.oid, s.stxnamespace, s.stxname, s.stxowner, s.stxrelid,
    pg_catalog.replace(
        pg_catalog.pg_get_statisticsobjdef(s.oid),
        ' ON ' || coalesce(k.by_position, ''), ' ON ' || coalesce(k.by_name, '')
    ),
    nullif(s.stxstattarget, -1)
FROM pg_catalog.pg_statistic_ext AS s
CROSS JOIN LATERAL (
    SELECT
        pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY p.place)
            AS by_position,
        pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname)
            AS by_name
    FROM pg_catalog.unnest(s.stxkeys) WITH ORDINALITY AS p (attnum, place)
    INNER JOIN pg_catalog.pg_attribute AS a ON s.stxrelid = a.attrelid AND p.attnum = a.attnum
) AS k
WHERE s.stxnamespace = ANY(%(namespaces)s::oid[])
