SELECT
    p.oid,
    p.polrelid,
    p.polname,
    p.polcmd::text,
    p.polpermissive,
    p.polroles::bigint[],
    pg_catalog.pg_get_expr(p.polqual, p.polrelid),
    pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_catalog.pg_policy AS p
INNER JOIN pg_catalog.pg_class AS c ON p.polrelid = c.oid
WHERE c.relnamespace = ANY(%(namespaces)s::oid[])
