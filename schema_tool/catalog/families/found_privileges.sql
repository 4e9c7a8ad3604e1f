-- What the server or an extension made and somebody granted or revoked since; what initdb and the
-- extension gave is in pg_init_privs, but for information_schema, of which initdb keeps no record.
WITH made AS (
    SELECT
        'pg_catalog.pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS subid,
        CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS granted,
        c.relowner AS owner, c.relacl AS acl,
        CASE
            WHEN c.relnamespace = 'information_schema'::regnamespace
                THEN pg_catalog.acldefault('r', c.relowner)
                || pg_catalog.makeaclitem(0, c.relowner, 'SELECT', FALSE)
        END AS usual
    FROM pg_catalog.pg_class AS c
    WHERE c.relacl IS NOT NULL AND (c.oid < 16384 OR c.oid = ANY(%(member_relations)s::oid[]))
    UNION ALL
    SELECT
        'pg_catalog.pg_class'::regclass, a.attrelid, a.attnum, 'COLUMN', c.relowner, a.attacl,
        '{}'::aclitem[]
    FROM pg_catalog.pg_attribute AS a
    INNER JOIN pg_catalog.pg_class AS c ON a.attrelid = c.oid
    WHERE
        a.attacl IS NOT NULL AND a.attacl <> '{}'
        AND (a.attrelid < 16384 OR a.attrelid = ANY(%(member_relations)s::oid[]))
    UNION ALL
    SELECT
        'pg_catalog.pg_proc'::regclass, p.oid, 0,
        CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.proowner, p.proacl,
        pg_catalog.acldefault('f', p.proowner)
    FROM pg_catalog.pg_proc AS p
    WHERE p.proacl IS NOT NULL AND (p.oid < 16384 OR p.oid = ANY(%(member_routines)s::oid[]))
    UNION ALL
    SELECT
        'pg_catalog.pg_type'::regclass, t.oid, 0, 'TYPE', t.typowner, t.typacl,
        pg_catalog.acldefault('T', t.typowner)
    FROM pg_catalog.pg_type AS t
    WHERE t.typacl IS NOT NULL AND (t.oid < 16384 OR t.oid = ANY(%(member_types)s::oid[]))
    UNION ALL
    SELECT
        'pg_catalog.pg_language'::regclass, l.oid, 0, 'LANGUAGE', l.lanowner, l.lanacl,
        pg_catalog.acldefault('l', l.lanowner)
    FROM pg_catalog.pg_language AS l
    WHERE l.lanacl IS NOT NULL
    UNION ALL
    SELECT
        'pg_catalog.pg_namespace'::regclass, n.oid, 0, 'SCHEMA', n.nspowner, n.nspacl,
        CASE
            WHEN n.nspname = 'information_schema'
                THEN pg_catalog.acldefault('n', n.nspowner)
                || pg_catalog.makeaclitem(0, n.nspowner, 'USAGE', FALSE)
            ELSE pg_catalog.acldefault('n', n.nspowner)
        END
    FROM pg_catalog.pg_namespace AS n
    WHERE n.nspacl IS NOT NULL AND n.nspname <> 'public'
    UNION ALL
    SELECT
        'pg_catalog.pg_foreign_data_wrapper'::regclass, w.oid, 0, 'FOREIGN DATA WRAPPER',
        w.fdwowner, w.fdwacl, pg_catalog.acldefault('F', w.fdwowner)
    FROM pg_catalog.pg_foreign_data_wrapper AS w
    WHERE w.fdwacl IS NOT NULL
),

-- Few are left: only they are looked for in pg_depend, which has a row for everything.
changed AS MATERIALIZED (
    SELECT m.*, s.initial
    FROM made AS m
    LEFT JOIN pg_catalog.pg_init_privs AS i
        ON m.classid = i.classoid AND m.objid = i.objoid AND m.subid = i.objsubid
    CROSS JOIN LATERAL (
        SELECT
            coalesce(
                i.initprivs, m.usual,
                pg_catalog.acldefault(
                    CASE m.granted WHEN 'SEQUENCE' THEN 's'::"char" ELSE 'r'::"char" END, m.owner
                )
            ) AS initial
    ) AS s
    WHERE NOT (s.initial @> m.acl AND s.initial <@ m.acl)
)

-- A type's name as GRANT takes it: integer would be looked for under that name.
SELECT
    n.type,
    CASE WHEN m.granted = 'TYPE' THEN quote_ident(n.schema) || '.' || quote_ident(t.typname) ELSE n.identity END,
    coalesce(a.attname, ''),
    m.granted,
    m.owner,
    m.acl::text[],
    m.initial::text[],
    coalesce(e.extname, ''),
    pg_catalog.pg_has_role(m.owner, 'USAGE')
FROM changed AS m
LEFT JOIN pg_catalog.pg_depend AS d
    ON m.classid = d.classid AND m.objid = d.objid AND d.objsubid = 0 AND d.deptype = 'e'
LEFT JOIN pg_catalog.pg_extension AS e ON d.refobjid = e.oid
LEFT JOIN pg_catalog.pg_attribute AS a
    ON m.granted = 'COLUMN' AND m.objid = a.attrelid AND m.subid = a.attnum
LEFT JOIN pg_catalog.pg_type AS t ON m.granted = 'TYPE' AND m.objid = t.oid
CROSS JOIN LATERAL pg_catalog.pg_identify_object(m.classid, m.objid, 0) AS n
WHERE m.objid < 16384 OR e.oid IS NOT NULL
