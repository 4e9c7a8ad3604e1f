SELECT e.oid, e.extname, n.nspname, e.extversion, e.extrelocatable
FROM pg_catalog.pg_extension AS e
INNER JOIN pg_catalog.pg_namespace AS n ON e.extnamespace = n.oid
