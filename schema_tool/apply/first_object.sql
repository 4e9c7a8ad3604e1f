-- One object that is neither the server's own, nor an extension's, nor this tool's, nor yoyo's.
WITH own_schema AS (
    SELECT n.oid, n.nspname
    FROM pg_catalog.pg_namespace AS n
    WHERE n.nspname NOT LIKE 'pg\_%'
        AND n.nspname NOT IN ('information_schema', 'schema_tool')
),

candidate (classid, objid, name) AS (
    SELECT 'pg_catalog.pg_class'::REGCLASS, c.oid, format('relation %I.%I', s.nspname, c.relname)
    FROM pg_catalog.pg_class AS c
    INNER JOIN own_schema AS s ON s.oid = c.relnamespace
    WHERE c.relname NOT IN ('_yoyo_migration', '_yoyo_log', '_yoyo_version', 'yoyo_lock')
        AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::REGCLASS, p.oid, format('function %I.%I', s.nspname, p.proname)
    FROM pg_catalog.pg_proc AS p
    INNER JOIN own_schema AS s ON s.oid = p.pronamespace
    UNION ALL
    SELECT 'pg_catalog.pg_type'::REGCLASS, t.oid, format('type %I.%I', s.nspname, t.typname)
    FROM pg_catalog.pg_type AS t
    INNER JOIN own_schema AS s ON s.oid = t.typnamespace
    WHERE t.typrelid = 0 AND t.typelem = 0
)

SELECT c.name
FROM candidate AS c
WHERE NOT EXISTS (
    SELECT 1
    FROM pg_catalog.pg_depend AS d
    WHERE d.classid = c.classid AND d.objid = c.objid AND d.deptype = 'e'
)
ORDER BY c.name
LIMIT 1;
