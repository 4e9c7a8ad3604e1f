SELECT
    t.oid,
    t.tgrelid,
    t.tgname,
    pg_catalog.pg_get_triggerdef(t.oid),
    t.tgenabled::text,
    t.tgconstraint <> 0,
    t.tgattr::text
FROM pg_catalog.pg_trigger AS t
INNER JOIN pg_catalog.pg_class AS c ON t.tgrelid = c.oid
WHERE
    NOT t.tgisinternal
    AND t.tgparentid = 0
    AND c.relnamespace = ANY(%(namespaces)s::oid[])
