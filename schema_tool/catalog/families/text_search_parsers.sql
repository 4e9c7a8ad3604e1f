SELECT
    p.oid, p.prsnamespace, p.prsname,
    ARRAY[
        'START = ' || p.prsstart::text,
        'GETTOKEN = ' || p.prstoken::text,
        'END = ' || p.prsend::text,
        'HEADLINE = ' || nullif(p.prsheadline::oid, 0)::regproc::text,
        'LEXTYPES = ' || p.prslextype::text
    ]
FROM pg_catalog.pg_ts_parser AS p
WHERE p.prsnamespace = ANY(%(namespaces)s::oid[])
