SELECT
    o.oid, o.oprnamespace, o.oprname,
    CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprleft, NULL) END,
    CASE WHEN o.oprright = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprright, NULL) END,
    o.oprowner,
    o.oprcode::text,
    (
        SELECT 'OPERATOR(' || quote_ident(n.nspname) || '.' || c.oprname || ')'
        FROM pg_catalog.pg_operator AS c
        INNER JOIN pg_catalog.pg_namespace AS n ON c.oprnamespace = n.oid
        WHERE c.oid = o.oprcom
    ),
    (
        SELECT 'OPERATOR(' || quote_ident(n.nspname) || '.' || c.oprname || ')'
        FROM pg_catalog.pg_operator AS c
        INNER JOIN pg_catalog.pg_namespace AS n ON c.oprnamespace = n.oid
        WHERE c.oid = o.oprnegate
    ),
    nullif(o.oprrest::oid, 0)::regproc::text,
    nullif(o.oprjoin::oid, 0)::regproc::text,
    o.oprcanhash, o.oprcanmerge
FROM pg_catalog.pg_operator AS o
WHERE o.oprnamespace = ANY(%(namespaces)s::oid[]) AND o.oprcode <> 0
