SELECT
    t.oid, t.tmplnamespace, t.tmplname,
    ARRAY[
        'INIT = ' || nullif(t.tmplinit::oid, 0)::regproc::text,
        'LEXIZE = ' || t.tmpllexize::text
    ]
FROM pg_catalog.pg_ts_template AS t
WHERE t.tmplnamespace = ANY(%(namespaces)s::oid[])
