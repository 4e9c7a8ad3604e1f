SELECT
    s.oid, s.stxnamespace, s.stxname, s.stxowner, s.stxrelid,
    pg_catalog.pg_get_statisticsobjdef(s.oid),
    nullif(s.stxstattarget, -1)
FROM pg_catalog.pg_statistic_ext AS s
WHERE s.stxnamespace = ANY(%(namespaces)s::oid[])
