SELECT
    a.attrelid,
    a.attnum,
    a.attname,
    pg_catalog.format_type(a.atttypid, a.atttypmod),
    a.attnotnull,
    -- A default names no column: without its table the server need not open it to print one.
    pg_catalog.pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END),
    a.attgenerated::text,
    a.attidentity::text,
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
    CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END,
    a.attcompression::text,
    nullif(a.attstattarget, -1),
    a.attoptions,
    a.attfdwoptions,
    a.attacl::text[],
    a.attinhcount > 0,
    a.attislocal
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_attribute AS a ON c.oid = a.attrelid
INNER JOIN pg_catalog.pg_type AS t ON a.atttypid = t.oid
LEFT JOIN pg_catalog.pg_attrdef AS d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE
    c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
    AND c.relnamespace = ANY(%(namespaces)s::oid[])
    AND a.attnum > 0
    AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
