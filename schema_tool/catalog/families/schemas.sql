SELECT n.oid, n.nspname, n.nspowner, n.nspacl::text[]
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
