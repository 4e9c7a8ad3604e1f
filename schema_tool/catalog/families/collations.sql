SELECT
    c.oid, c.collnamespace, c.collname, c.collowner, c.collprovider::text,
    c.collisdeterministic, c.collcollate, c.collctype,
    c.colllocale, -- since 17
    c.colliculocale, -- before 17
    c.collicurules, -- since 16
    NULL, -- before 16
    c.collencoding
FROM pg_catalog.pg_collation AS c
WHERE c.collnamespace = ANY(%(namespaces)s::oid[])
