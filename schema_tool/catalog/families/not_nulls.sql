-- NOT NULL constraints are rows from 18 on. Those with the name that the server itself gives and
-- nothing else to say are left out: attnotnull says it.
SELECT
    k.oid, k.conrelid, k.conkey[1],
    CASE WHEN k.conname <> c.relname || '_' || a.attname || '_not_null' THEN k.conname END,
    k.connoinherit,
    k.convalidated
FROM pg_catalog.pg_constraint AS k
INNER JOIN pg_catalog.pg_class AS c ON k.conrelid = c.oid
INNER JOIN pg_catalog.pg_attribute AS a ON k.conrelid = a.attrelid AND k.conkey[1] = a.attnum
WHERE
    k.contype = 'n'
    AND k.connamespace = ANY(%(namespaces)s::oid[])
    AND (
        k.conname <> c.relname || '_' || a.attname || '_not_null'
        OR k.connoinherit
        OR NOT k.convalidated
        OR EXISTS (
            SELECT FROM pg_catalog.pg_description AS s
            WHERE s.classoid = 2606 AND s.objoid = k.oid
        )
    )
