-- Names for the objects that no model has seen. What depends internally on something else
-- is that thing's part; what an extension owns, or an ignored table carries, is left out.
WITH RECURSIVE given AS (
    SELECT g.classid, g.objid
    FROM unnest(%(classes)s::bigint[]::oid[], %(objects)s::bigint[]::oid[]) AS g (classid, objid)
),

-- Up the edges that make an object part of another.
owners AS (
    SELECT g.classid, g.objid, g.classid AS ownerclass, g.objid AS owner
    FROM given AS g
    UNION
    SELECT o.classid, o.objid, d.refclassid, d.refobjid
    FROM owners AS o
    INNER JOIN pg_catalog.pg_depend AS d
        ON o.ownerclass = d.classid AND o.owner = d.objid AND d.deptype IN ('i', 'a', 'e')
)

SELECT i.type, coalesce(i.schema, s.nspname), i.identity
FROM given AS g
CROSS JOIN LATERAL pg_catalog.pg_identify_object(g.classid, g.objid, 0) AS i
LEFT JOIN pg_catalog.pg_namespace AS s ON g.classid = 2615 AND g.objid = s.oid
WHERE
    i.identity IS NOT NULL
    AND coalesce(i.schema, '') !~ '^pg_temp'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = g.classid AND d.objid = g.objid AND d.deptype IN ('i', 'P', 'S')
    )
    AND NOT EXISTS (
        SELECT FROM owners AS o
        LEFT JOIN pg_catalog.pg_class AS c ON o.ownerclass = 1259 AND o.owner = c.oid
        WHERE
            o.classid = g.classid AND o.objid = g.objid
            AND (
                o.ownerclass = 3079
                OR c.relpersistence = 't'
                OR c.relname = ANY(%(ignored_tables)s::text[])
            )
    )
