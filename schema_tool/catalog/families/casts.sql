SELECT
    c.oid,
    pg_catalog.format_type(c.castsource, NULL),
    pg_catalog.format_type(c.casttarget, NULL),
    c.castmethod::text, c.castcontext::text,
    nullif(c.castfunc, 0)::regprocedure::text
FROM pg_catalog.pg_cast AS c
WHERE
    c.oid >= 16384
    -- A range type's cast to its multirange comes and goes with the type.
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 2605 AND d.objid = c.oid AND d.deptype = 'i'
    )
