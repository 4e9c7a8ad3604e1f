-- NOT NULL constraints are rows from 18 on; who builds leaves out the names that the server gives.
SELECT k.conrelid, k.conkey[1], k.oid, k.conname, k.connoinherit, k.convalidated
FROM pg_catalog.pg_constraint AS k
WHERE k.contype = 'n' AND k.conrelid <> 0 AND k.connamespace = ANY(%(namespaces)s::oid[])
