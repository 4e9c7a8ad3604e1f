-- Enums, domains and ranges; a base type and a shell come with what CREATE TYPE was told.
SELECT
    t.oid,
    t.typnamespace,
    t.typname,
    t.typtype::text,
    t.typowner,
    t.typacl::text[],
    CASE WHEN t.typtype = 'e' THEN ARRAY(
        SELECT e.enumlabel::text FROM pg_catalog.pg_enum AS e
        WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder
    ) END,
    CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
    t.typnotnull,
    coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)),
    CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation
        THEN t.typcollation::regcollation::text
    END,
    pg_catalog.format_type(r.rngsubtype, NULL),
    r.rngmultitypid::regtype::text,
    CASE WHEN NOT o.opcdefault THEN
        quote_ident(n.nspname) || '.' || quote_ident(o.opcname)
    END,
    CASE WHEN r.rngcollation <> s.typcollation THEN r.rngcollation::regcollation::text END,
    nullif(r.rngcanonical::oid, 0)::regproc::text,
    nullif(r.rngsubdiff::oid, 0)::regproc::text,
    CASE WHEN t.typtype = 'b' THEN ARRAY[
        'INPUT = ' || t.typinput::text,
        'OUTPUT = ' || t.typoutput::text,
        'RECEIVE = ' || nullif(t.typreceive::oid, 0)::regproc::text,
        'SEND = ' || nullif(t.typsend::oid, 0)::regproc::text,
        'TYPMOD_IN = ' || nullif(t.typmodin::oid, 0)::regproc::text,
        'TYPMOD_OUT = ' || nullif(t.typmodout::oid, 0)::regproc::text,
        'ANALYZE = ' || nullif(t.typanalyze::oid, 0)::regproc::text,
        'SUBSCRIPT = ' || nullif(t.typsubscript::oid, 0)::regproc::text,
        'INTERNALLENGTH = ' || CASE t.typlen WHEN -1 THEN 'variable' ELSE t.typlen::text END,
        CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
        'ALIGNMENT = ' || CASE t.typalign
            WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4' ELSE 'double'
        END,
        'STORAGE = ' || CASE t.typstorage
            WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended'
        END,
        'CATEGORY = ' || quote_literal(t.typcategory::text),
        CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
        'DEFAULT = ' || quote_literal(t.typdefault),
        'ELEMENT = ' || pg_catalog.format_type(nullif(t.typelem, 0), NULL),
        'DELIMITER = ' || quote_literal(t.typdelim::text),
        CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END
    ] END
FROM pg_catalog.pg_type AS t
LEFT JOIN pg_catalog.pg_type AS b ON t.typbasetype = b.oid
LEFT JOIN pg_catalog.pg_range AS r ON t.oid = r.rngtypid
LEFT JOIN pg_catalog.pg_type AS s ON r.rngsubtype = s.oid
LEFT JOIN pg_catalog.pg_opclass AS o ON r.rngsubopc = o.oid
LEFT JOIN pg_catalog.pg_namespace AS n ON o.opcnamespace = n.oid
WHERE
    (t.typtype IN ('e', 'd', 'r', 'b') OR (t.typtype = 'p' AND NOT t.typisdefined))
    AND t.typnamespace = ANY(%(namespaces)s::oid[])
    AND t.oid <> ALL(%(member_types)s::oid[])
    AND (t.typtype <> 'b' OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_type AS e WHERE e.typarray = t.oid
    ))
