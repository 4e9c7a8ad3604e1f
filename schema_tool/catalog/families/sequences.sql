SELECT
    c.oid,
    c.relnamespace,
    c.relname,
    c.relpersistence = 'u',
    c.relowner,
    c.relacl::text[],
    pg_catalog.format_type(q.seqtypid, NULL),
    q.seqstart,
    q.seqincrement,
    q.seqmin,
    q.seqmax,
    q.seqcache,
    q.seqcycle,
    d.refobjid::bigint,
    d.refobjsubid,
    d.deptype = 'i'
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_sequence AS q ON c.oid = q.seqrelid
LEFT JOIN pg_catalog.pg_depend AS d
    ON
        d.classid = 1259 AND c.oid = d.objid AND d.objsubid = 0
        AND d.refclassid = 1259 AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
WHERE
    c.relkind = 'S'
    AND c.relpersistence <> 't'
    AND c.relnamespace = ANY(%(namespaces)s::oid[])
    AND c.oid <> ALL(%(member_relations)s::oid[])
