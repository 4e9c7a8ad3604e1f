SELECT t.oid, t.typnamespace, t.typname, t.typowner, t.typacl::text[], c.oid
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_type AS t ON c.reltype = t.oid
WHERE
    c.relkind = 'c'
    AND c.relnamespace = ANY(%(namespaces)s::oid[])
    AND t.oid <> ALL(%(member_types)s::oid[])
