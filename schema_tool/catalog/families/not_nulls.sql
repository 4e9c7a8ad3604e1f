-- NOT NULL constraints are rows from 18 on; who builds leaves out the names that the server gives.
-- One that is only inherited has the name that its parent's had when it came:
-- nobody can change it until the table leaves that parent.
SELECT
    k.conrelid,
    k.conkey[1],
    k.oid,
    CASE WHEN k.coninhcount = 0 OR k.conislocal THEN k.conname END,
    k.connoinherit,
    k.convalidated,
    k.conname
FROM pg_catalog.pg_constraint AS k
WHERE k.contype = 'n' AND k.conrelid <> 0 AND k.connamespace = ANY(%(namespaces)s::oid[])
