SELECT e.oid, e.extname, n.nspname, e.extversion, e.extrelocatable, a.comment
FROM pg_catalog.pg_extension AS e
INNER JOIN pg_catalog.pg_namespace AS n ON e.extnamespace = n.oid
-- All control files are read at once, and none where there is but plpgsql, which is everywhere.
LEFT JOIN (
    SELECT f.name, f.comment FROM pg_catalog.pg_available_extensions() AS f
    WHERE (SELECT count(*) FROM pg_catalog.pg_extension AS o WHERE o.extname <> 'plpgsql') > 0
) AS a ON e.extname = a.name
