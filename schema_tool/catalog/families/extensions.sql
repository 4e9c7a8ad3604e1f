SELECT
    e.oid, e.extname, n.nspname, e.extversion, e.extrelocatable,
    -- reading all control files takes longer than the rest, and plpgsql is always there
    (
        SELECT a.comment FROM pg_catalog.pg_available_extensions() AS a
        WHERE a.name = e.extname AND e.extname <> 'plpgsql'
    )
FROM pg_catalog.pg_extension AS e
INNER JOIN pg_catalog.pg_namespace AS n ON e.extnamespace = n.oid
