-- What the server or an extension made and somebody granted or revoked since.
SELECT 'privileges of ' || n.type, n.identity
FROM (
    SELECT 1259::oid AS classid, c.oid AS objid, c.relacl AS acl FROM pg_catalog.pg_class AS c
    -- initdb keeps no record of what it granted there
    WHERE c.relacl IS NOT NULL AND c.relnamespace <> 'information_schema'::regnamespace
    UNION ALL
    SELECT 1255, p.oid, p.proacl FROM pg_catalog.pg_proc AS p WHERE p.proacl IS NOT NULL
    UNION ALL
    SELECT 1247, t.oid, t.typacl FROM pg_catalog.pg_type AS t WHERE t.typacl IS NOT NULL
    UNION ALL
    SELECT 2612, l.oid, l.lanacl FROM pg_catalog.pg_language AS l WHERE l.lanacl IS NOT NULL
) AS o
LEFT JOIN pg_catalog.pg_init_privs AS i
    ON o.classid = i.classoid AND o.objid = i.objoid AND i.objsubid = 0
CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.objid, 0) AS n
WHERE
    (o.objid < 16384 OR (o.classid, o.objid) IN (
        SELECT d.classid, d.objid FROM pg_catalog.pg_depend AS d
        WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'
    ))
    AND (i.initprivs IS NULL OR NOT (i.initprivs @> o.acl AND i.initprivs <@ o.acl))

-- What goes with an extension without being a part of it: DEPENDS ON EXTENSION.
UNION ALL
SELECT 'extension that it depends on, of ' || n.type, n.identity
FROM pg_catalog.pg_depend AS d
CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, 0) AS n
WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'x'

-- Security labels, and what ALTER DATABASE and ALTER ROLE IN DATABASE set.
UNION ALL
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
