SELECT
    t.oid, pg_catalog.format_type(t.trftype, NULL), l.lanname,
    nullif(t.trffromsql::oid, 0)::regprocedure::text, nullif(t.trftosql::oid, 0)::regprocedure::text
FROM pg_catalog.pg_transform AS t
INNER JOIN pg_catalog.pg_language AS l ON t.trflang = l.oid
