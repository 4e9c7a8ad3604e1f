SELECT
    p.oid,
    p.pronamespace,
    p.proname,
    pg_catalog.oidvectortypes(p.proargtypes),
    p.prokind::text,
    p.proowner,
    p.proacl::text[],
    pg_catalog.pg_get_functiondef(p.oid),
    pg_catalog.pg_get_function_arguments(p.oid),
    pg_catalog.pg_get_function_result(p.oid),
    l.lanname,
    p.prosrc,
    p.prosqlbody IS NOT NULL
FROM pg_catalog.pg_proc AS p
INNER JOIN pg_catalog.pg_language AS l ON p.prolang = l.oid
WHERE
    p.prokind <> 'a'
    AND p.pronamespace = ANY(%(namespaces)s::oid[])
    AND p.oid <> ALL(%(member_routines)s::oid[])
    -- A range type's constructors come and go with the type.
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE
            d.classid = 1255 AND d.objid = p.oid AND d.deptype = 'i'
            AND d.refclassid = 1247
    )
