-- Security labels, and what ALTER DATABASE and ALTER ROLE IN DATABASE set.
SELECT 'security label', i.type || ' ' || i.identity || ' (' || s.provider || ')'
FROM pg_catalog.pg_seclabel AS s
CROSS JOIN LATERAL pg_catalog.pg_identify_object(s.classoid, s.objoid, s.objsubid) AS i
WHERE i.identity IS NOT NULL
UNION ALL
SELECT
    CASE s.setrole WHEN 0 THEN 'setting of the database' ELSE 'setting of a role in the database' END,
    CASE s.setrole WHEN 0 THEN '' ELSE pg_catalog.pg_get_userbyid(s.setrole)::text || ' ' END
    || split_part(c.entry, '=', 1)
FROM pg_catalog.pg_db_role_setting AS s
CROSS JOIN LATERAL unnest(s.setconfig) AS c (entry)
WHERE
    s.setdatabase = (
        SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database()
    )

-- The database itself: who may do what with it, and what is said of it.
UNION ALL
SELECT DISTINCT
    'privileges of the database',
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee)::text END
FROM pg_catalog.pg_database AS d
CROSS JOIN LATERAL (
    (
        SELECT e.grantee, e.privilege_type, e.is_grantable
        FROM pg_catalog.aclexplode(d.datacl) AS e
        EXCEPT
        SELECT e.grantee, e.privilege_type, e.is_grantable
        FROM pg_catalog.aclexplode(pg_catalog.acldefault('d', d.datdba)) AS e
    )
    UNION ALL
    (
        SELECT e.grantee, e.privilege_type, e.is_grantable
        FROM pg_catalog.aclexplode(pg_catalog.acldefault('d', d.datdba)) AS e
        EXCEPT
        SELECT e.grantee, e.privilege_type, e.is_grantable
        FROM pg_catalog.aclexplode(d.datacl) AS e
    )
) AS a
WHERE d.datname = current_database() AND d.datacl IS NOT NULL
UNION ALL
SELECT 'comment of the database', c.description
FROM pg_catalog.pg_shdescription AS c
INNER JOIN pg_catalog.pg_database AS d ON c.objoid = d.oid
WHERE
    d.datname = current_database() AND c.classoid = 'pg_catalog.pg_database'::regclass
    -- what initdb and this tool say
    AND c.description <> 'default administrative connection database'
    AND c.description NOT LIKE 'schema-tool %'
    AND c.description NOT LIKE 'Created by schema-tool;%'

-- Large objects are data, and whose they are; what is granted on them, or said of them, is not.
UNION ALL
SELECT DISTINCT
    'privileges on large objects',
    CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee)::text END
FROM pg_catalog.pg_largeobject_metadata AS l
CROSS JOIN LATERAL pg_catalog.aclexplode(l.lomacl) AS a
WHERE a.grantee <> l.lomowner
UNION ALL
SELECT 'comments', 'on large objects'
WHERE EXISTS (
    SELECT FROM pg_catalog.pg_largeobject_metadata AS l
    INNER JOIN pg_catalog.pg_description AS c ON l.oid = c.objoid
    WHERE c.classoid = 'pg_catalog.pg_largeobject'::regclass
)

-- The triggers behind a constraint have names of their cluster: DISABLE TRIGGER ALL means them, too.
UNION ALL
SELECT DISTINCT 'switched triggers of constraint', k.identity
FROM pg_catalog.pg_trigger AS t
CROSS JOIN LATERAL pg_catalog.pg_identify_object(
    'pg_catalog.pg_constraint'::regclass, t.tgconstraint, 0
) AS k
WHERE t.tgisinternal AND t.tgenabled <> 'O'

-- Types that come with a relation or another type: rows, arrays and multiranges. The latter get
-- default privileges of their own, which nobody means.
UNION ALL
SELECT m.what, pg_catalog.format_type(t.oid, NULL)
FROM (
    SELECT d.objoid AS oid, 'comment of type' AS what
    FROM pg_catalog.pg_description AS d
    WHERE d.classoid = 'pg_catalog.pg_type'::regclass AND d.objoid >= 16384
    UNION ALL
    SELECT a.oid, 'privileges of type'
    FROM pg_catalog.pg_type AS a
    WHERE a.typacl IS NOT NULL AND a.typrelid <> 0 AND a.oid >= 16384
) AS m
INNER JOIN pg_catalog.pg_type AS t ON m.oid = t.oid
LEFT JOIN pg_catalog.pg_class AS c ON t.typrelid = c.oid
WHERE
    (
        t.typtype = 'm' OR c.relkind <> 'c'
        OR EXISTS (SELECT FROM pg_catalog.pg_type AS e WHERE e.typarray = t.oid)
    )
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
    )
