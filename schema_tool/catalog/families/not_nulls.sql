-- NOT NULL constraints are rows from 18 on; who builds leaves out the names that the server gives.
-- One that is only inherited, or called as its parent's is, has the name that that had when it
-- came: nobody can change it until the table leaves that parent.
SELECT
    k.conrelid,
    k.conkey[1],
    k.oid,
    CASE WHEN k.coninhcount = 0 OR k.conislocal AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_inherits AS h
        INNER JOIN pg_catalog.pg_constraint AS p ON h.inhparent = p.conrelid
        WHERE h.inhrelid = k.conrelid AND p.contype = 'n' AND p.conname = k.conname
    ) THEN k.conname END,
    k.connoinherit,
    k.convalidated,
    k.conname,
    k.conislocal
FROM pg_catalog.pg_constraint AS k
WHERE k.contype = 'n' AND k.conrelid <> 0 AND k.connamespace = ANY(%(namespaces)s::oid[])
