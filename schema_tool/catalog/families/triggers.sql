SELECT
    t.oid,
    t.tgrelid,
    t.tgname,
    pg_catalog.pg_get_triggerdef(t.oid),
    t.tgenabled::text,
    t.tgconstraint <> 0,
    t.tgattr::text,
    t.tgparentid <> 0
FROM pg_catalog.pg_trigger AS t
INNER JOIN pg_catalog.pg_class AS c ON t.tgrelid = c.oid
WHERE
    NOT t.tgisinternal
    -- A partition's clone is worth a row where it is switched unlike the one that it came from,
    -- and where it has a comment.
    AND (
        t.tgparentid = 0
        OR t.tgenabled <> (
            SELECT p.tgenabled FROM pg_catalog.pg_trigger AS p WHERE p.oid = t.tgparentid
        )
        OR EXISTS (
            SELECT FROM pg_catalog.pg_description AS d
            WHERE d.objoid = t.oid AND d.classoid = 'pg_catalog.pg_trigger'::regclass
        )
    )
    AND c.relnamespace = ANY(%(namespaces)s::oid[])
