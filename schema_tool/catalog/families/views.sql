SELECT
    c.oid,
    c.relnamespace,
    c.relname,
    c.relkind::text,
    c.relowner,
    c.relacl::text[],
    pg_catalog.pg_get_viewdef(c.oid),
    c.reloptions,
    CASE WHEN c.relam NOT IN (0, 2) THEN
        (SELECT am.amname FROM pg_catalog.pg_am AS am WHERE am.oid = c.relam)
    END,
    CASE WHEN c.reltablespace <> 0 THEN
        (SELECT s.spcname FROM pg_catalog.pg_tablespace AS s WHERE s.oid = c.reltablespace)
    END,
    c.relispopulated,
    CASE WHEN c.relkind = 'm' AND c.reltoastrelid <> 0 THEN
        (SELECT o.reloptions FROM pg_catalog.pg_class AS o WHERE o.oid = c.reltoastrelid)
    END
FROM pg_catalog.pg_class AS c
WHERE
    c.relkind IN ('v', 'm')
    AND c.relpersistence <> 't'
    AND c.relnamespace = ANY(%(namespaces)s::oid[])
    AND c.oid <> ALL(%(member_relations)s::oid[])
