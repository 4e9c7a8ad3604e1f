SELECT
    c.oid,
    x.indrelid,
    CASE WHEN c.relispartition THEN
        (SELECT h.inhparent::bigint FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid)
    END,
    c.relnamespace,
    c.relname,
    pg_catalog.pg_get_indexdef(c.oid),
    x.indisunique,
    x.indisvalid,
    x.indisclustered,
    c.relkind = 'I',
    s.spcname,
    CASE WHEN x.indexprs IS NOT NULL THEN (
        SELECT array_agg(a.attnum || '=' || a.attstattarget ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attstattarget >= 0
    ) END,
    x.indkey::text,
    c.reloptions,
    CASE WHEN c.relispartition OR c.relkind = 'I' THEN (
        SELECT array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid
    ) END
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_index AS x ON c.oid = x.indexrelid
LEFT JOIN pg_catalog.pg_tablespace AS s ON c.reltablespace = s.oid
WHERE
    c.relkind IN ('i', 'I')
    AND c.relnamespace = ANY(%(namespaces)s::oid[])
    AND c.oid NOT IN (
        SELECT k.conindid FROM pg_catalog.pg_constraint AS k WHERE k.contype IN ('p', 'u', 'x')
    )
