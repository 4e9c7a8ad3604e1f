SELECT
    c.oid,
    c.relnamespace,
    c.relname,
    c.relkind::text,
    c.relpersistence = 'u',
    c.relowner,
    c.relacl::text[],
    -- That of a partitioned table is what its partitions get: heap is not the same as none.
    CASE WHEN c.relam <> 2 OR c.relkind = 'p' THEN
        (SELECT am.amname FROM pg_catalog.pg_am AS am WHERE am.oid = c.relam)
    END,
    CASE WHEN c.reltablespace <> 0 THEN
        (SELECT s.spcname FROM pg_catalog.pg_tablespace AS s WHERE s.oid = c.reltablespace)
    END,
    c.reloptions,
    CASE WHEN c.reltoastrelid <> 0 THEN
        (SELECT o.reloptions FROM pg_catalog.pg_class AS o WHERE o.oid = c.reltoastrelid)
    END,
    -- A foreign table has none, and none can be set.
    CASE WHEN c.relkind = 'f' THEN 'd' ELSE c.relreplident::text END,
    CASE WHEN c.relreplident = 'i' THEN (
        SELECT o.relname
        FROM pg_catalog.pg_index AS i
        INNER JOIN pg_catalog.pg_class AS o ON i.indexrelid = o.oid
        WHERE i.indrelid = c.oid AND i.indisreplident
    ) END,
    c.relrowsecurity,
    c.relforcerowsecurity,
    (
        SELECT array_agg(h.inhparent::bigint ORDER BY h.inhseqno)
        FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid
    ),
    CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
    pg_catalog.pg_get_expr(c.relpartbound, c.oid),
    CASE WHEN c.relispartition THEN pg_catalog.pg_get_partition_constraintdef(c.oid) END,
    CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END,
    s.srvname,
    f.ftoptions
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_foreign_table AS f ON c.oid = f.ftrelid
LEFT JOIN pg_catalog.pg_foreign_server AS s ON f.ftserver = s.oid
WHERE
    c.relkind IN ('r', 'p', 'f')
    AND c.relpersistence <> 't'
    AND c.relnamespace = ANY(%(namespaces)s::oid[])
    AND c.oid <> ALL(%(member_relations)s::oid[])
    AND c.relname <> ALL(%(ignored_tables)s::text[])
