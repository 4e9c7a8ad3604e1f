SELECT
    c.oid, c.opcnamespace, c.opcname, c.opcowner, a.amname,
    pg_catalog.format_type(c.opcintype, NULL),
    quote_ident(fn.nspname) || '.' || quote_ident(f.opfname),
    c.opcdefault,
    pg_catalog.format_type(nullif(c.opckeytype, 0), NULL),
    m.members
FROM pg_catalog.pg_opclass AS c
INNER JOIN pg_catalog.pg_am AS a ON c.opcmethod = a.oid
INNER JOIN pg_catalog.pg_opfamily AS f ON c.opcfamily = f.oid
INNER JOIN pg_catalog.pg_namespace AS fn ON f.opfnamespace = fn.oid
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
        WHERE d.classid = 2602 AND d.refclassid = 2616 AND d.refobjid = c.oid
        UNION ALL
        SELECT
            'FUNCTION ' || p.amprocnum || ' ('
            || pg_catalog.format_type(p.amproclefttype, NULL) || ', '
            || pg_catalog.format_type(p.amprocrighttype, NULL) || ') '
            || p.amproc::regprocedure::text
        FROM pg_catalog.pg_amproc AS p
        INNER JOIN pg_catalog.pg_depend AS d ON p.oid = d.objid
        WHERE d.classid = 2603 AND d.refclassid = 2616 AND d.refobjid = c.oid
    ) AS e
) AS m ON TRUE
WHERE c.opcnamespace = ANY(%(namespaces)s::oid[])
