SELECT
    d.oid, d.dictnamespace, d.dictname, d.dictowner,
    quote_ident(n.nspname) || '.' || quote_ident(t.tmplname), d.dictinitoption
FROM pg_catalog.pg_ts_dict AS d
INNER JOIN pg_catalog.pg_ts_template AS t ON d.dicttemplate = t.oid
INNER JOIN pg_catalog.pg_namespace AS n ON t.tmplnamespace = n.oid
WHERE d.dictnamespace = ANY(%(namespaces)s::oid[])
