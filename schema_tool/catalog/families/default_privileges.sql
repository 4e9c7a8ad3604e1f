SELECT d.oid, d.defaclrole, d.defaclnamespace::bigint, d.defaclobjtype::text, d.defaclacl::text[]
FROM pg_catalog.pg_default_acl AS d
WHERE d.defaclnamespace = 0 OR d.defaclnamespace = ANY(%(namespaces)s::oid[])
