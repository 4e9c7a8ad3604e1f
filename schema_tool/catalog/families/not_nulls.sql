-- NOT NULL constraints are rows from 18 on. Those with the name that the server itself gives and
-- nothing else to say are left out: attnotnull says it.
SELECT k.oid, k.conrelid, k.conkey[1], n.other_name, k.connoinherit, k.convalidated
FROM pg_catalog.pg_constraint AS k
INNER JOIN pg_catalog.pg_class AS c ON k.conrelid = c.oid
INNER JOIN pg_catalog.pg_attribute AS a ON k.conrelid = a.attrelid AND k.conkey[1] = a.attnum
CROSS JOIN LATERAL (
    SELECT CASE WHEN k.conname::text <> concat(c.relname, '_', a.attname, '_not_null')
        THEN k.conname
    END AS other_name
) AS n
LEFT JOIN pg_catalog.pg_description AS s ON s.classoid = 2606 AND k.oid = s.objoid
WHERE
    k.contype = 'n'
    AND k.connamespace = ANY(%(namespaces)s::oid[])
    AND (n.other_name IS NOT NULL OR k.connoinherit OR NOT k.convalidated OR s.objoid IS NOT NULL)
