SELECT
    c.oid, c.connamespace, c.conname, c.conowner,
    pg_catalog.pg_encoding_to_char(c.conforencoding),
    pg_catalog.pg_encoding_to_char(c.contoencoding),
    c.conproc::text, c.condefault
FROM pg_catalog.pg_conversion AS c
WHERE c.connamespace = ANY(%(namespaces)s::oid[])
