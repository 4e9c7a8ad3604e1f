SELECT
    k.oid,
    k.conrelid,
    nullif(k.confrelid, 0)::bigint,
    k.conindid::bigint,
    nullif(k.conparentid, 0)::bigint,
    k.conname,
    k.contype::text,
    pg_catalog.pg_get_constraintdef(k.oid),
    -- A partitioned table's key added to it ONLY is valid once each partition's is attached.
    k.convalidated AND (i.relkind IS DISTINCT FROM 'I' OR x.indisvalid),
    k.coninhcount > 0,
    k.conislocal,
    k.conkey::text,
    i.reloptions,
    s.spcname,
    x.indisclustered,
    i.relkind = 'I',
    CASE WHEN i.relispartition OR i.relkind = 'I' THEN (
        SELECT array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = i.oid
    ) END
FROM pg_catalog.pg_constraint AS k
LEFT JOIN pg_catalog.pg_class AS i ON k.conindid = i.oid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_catalog.pg_index AS x ON i.oid = x.indexrelid
LEFT JOIN pg_catalog.pg_tablespace AS s ON i.reltablespace = s.oid
WHERE
    k.contype IN ('c', 'f', 'p', 'u', 'x')
    AND k.conrelid <> 0
    AND k.connamespace = ANY(%(namespaces)s::oid[])
    -- A foreign key to a partitioned table has further rows, one for each partition.
    AND (
        k.conparentid = 0
        OR NOT EXISTS (
            SELECT FROM pg_catalog.pg_constraint AS p
            WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid
        )
    )
