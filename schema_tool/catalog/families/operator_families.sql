SELECT f.oid, f.opfnamespace, f.opfname, f.opfowner, a.amname, m.members
FROM pg_catalog.pg_opfamily AS f
INNER JOIN pg_catalog.pg_am AS a ON f.opfmethod = a.oid
LEFT JOIN LATERAL (
    SELECT array_agg(e.clause ORDER BY e.clause) AS members
    FROM (
        SELECT
            'OPERATOR ' || p.amopstrategy || ' ' || p.amopopr::regoperator::text
            || coalesce((
                SELECT ' FOR ORDER BY ' || quote_ident(n.nspname) || '.' || quote_ident(s.opfname)
                FROM pg_catalog.pg_opfamily AS s
                INNER JOIN pg_catalog.pg_namespace AS n ON s.opfnamespace = n.oid
                WHERE s.oid = p.amopsortfamily
            ), '') AS clause
        FROM pg_catalog.pg_amop AS p
        INNER JOIN pg_catalog.pg_depend AS d ON p.oid = d.objid
        WHERE d.classid = 2602 AND d.refclassid = 2753 AND d.refobjid = f.oid
        UNION ALL
        SELECT
            'FUNCTION ' || p.amprocnum || ' ('
            || pg_catalog.format_type(p.amproclefttype, NULL) || ', '
            || pg_catalog.format_type(p.amprocrighttype, NULL) || ') '
            || p.amproc::regprocedure::text
        FROM pg_catalog.pg_amproc AS p
        INNER JOIN pg_catalog.pg_depend AS d ON p.oid = d.objid
        WHERE d.classid = 2603 AND d.refclassid = 2753 AND d.refobjid = f.oid
    ) AS e
) AS m ON TRUE
WHERE f.opfnamespace = ANY(%(namespaces)s::oid[])
