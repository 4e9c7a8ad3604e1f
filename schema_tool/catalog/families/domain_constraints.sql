SELECT k.oid, k.contypid, k.conname, pg_catalog.pg_get_constraintdef(k.oid), k.convalidated
FROM pg_catalog.pg_constraint AS k
WHERE k.contypid <> 0 AND k.connamespace = ANY(%(namespaces)s::oid[])
ORDER BY k.contypid, k.conname
