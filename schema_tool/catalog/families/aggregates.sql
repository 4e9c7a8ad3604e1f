SELECT
    p.oid,
    p.pronamespace,
    p.proname,
    pg_catalog.oidvectortypes(p.proargtypes),
    p.proowner,
    p.proacl::text[],
    pg_catalog.pg_get_function_arguments(p.oid),
    pg_catalog.pg_get_function_result(p.oid),
    a.aggkind::text,
    a.aggtransfn::text,
    pg_catalog.format_type(a.aggtranstype, NULL),
    a.aggtransspace,
    nullif(a.aggfinalfn::oid, 0)::regproc::text,
    a.aggfinalextra,
    a.aggfinalmodify::text,
    nullif(a.aggcombinefn::oid, 0)::regproc::text,
    nullif(a.aggserialfn::oid, 0)::regproc::text,
    nullif(a.aggdeserialfn::oid, 0)::regproc::text,
    a.agginitval,
    nullif(a.aggmtransfn::oid, 0)::regproc::text,
    nullif(a.aggminvtransfn::oid, 0)::regproc::text,
    pg_catalog.format_type(nullif(a.aggmtranstype, 0), NULL),
    a.aggmtransspace,
    nullif(a.aggmfinalfn::oid, 0)::regproc::text,
    a.aggmfinalextra,
    a.aggmfinalmodify::text,
    a.aggminitval,
    (
        SELECT 'OPERATOR(' || quote_ident(n.nspname) || '.' || o.oprname || ')'
        FROM pg_catalog.pg_operator AS o
        INNER JOIN pg_catalog.pg_namespace AS n ON o.oprnamespace = n.oid
        WHERE o.oid = a.aggsortop
    ),
    p.proparallel::text
FROM pg_catalog.pg_proc AS p
INNER JOIN pg_catalog.pg_aggregate AS a ON p.oid = a.aggfnoid
WHERE
    p.pronamespace = ANY(%(namespaces)s::oid[])
    AND p.oid <> ALL(%(member_routines)s::oid[])
