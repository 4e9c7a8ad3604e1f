SELECT d.classoid, d.objoid, d.objsubid, d.description
FROM pg_catalog.pg_description AS d
WHERE
    d.objoid >= 16384
    -- of what the server began with, the schemas and plpgsql
    OR d.classoid = 3079
    OR (d.classoid = 2615 AND d.objoid = ANY(%(namespaces)s::oid[]))
